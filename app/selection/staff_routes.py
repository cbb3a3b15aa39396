from flask import Blueprint

blueprint = Blueprint("staff_selection", __name__)

from flask import Blueprint

blueprint = Blueprint("staff_openings", __name__)

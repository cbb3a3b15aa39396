from flask import Blueprint

blueprint = Blueprint("staff_applications", __name__)

from flask import Blueprint

blueprint = Blueprint("openings", __name__)

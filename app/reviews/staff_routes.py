from flask import Blueprint

blueprint = Blueprint("staff_reviews", __name__)

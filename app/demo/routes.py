from flask import Blueprint

blueprint = Blueprint("demo", __name__)

from flask import Blueprint

blueprint = Blueprint("staff_audit", __name__)

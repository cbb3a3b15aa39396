from flask import Blueprint

blueprint = Blueprint("staff_reports", __name__)

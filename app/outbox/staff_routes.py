from flask import Blueprint

blueprint = Blueprint("staff_outbox", __name__)

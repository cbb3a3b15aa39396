"""The blueprint of staff accounts; its routes stand in routes, link_routes and account_routes."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)

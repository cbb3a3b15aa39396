from flask import Blueprint

blueprint = Blueprint("mypage", __name__)

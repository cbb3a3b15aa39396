"""What a WSGI server imports: `wsgi:application`."""

from app import create_app

application = create_app()

"""Commands for whoever runs the diary: flask --app wsgi …"""

commands = []

"""The demo shop "Roliga Ting": its people, its orders and a colleague who keeps working while one looks."""

"""The baseline: Flask with one view that says hello, under the same servers as the game."""

from __future__ import annotations

import sys

import waitress
from flask import Flask

from quiz.config import read_settings

app = Flask("hello")


@app.get("/")
@app.get("/healthz")
def hello() -> str:
    return "hello"


if __name__ == "__main__":
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=read_settings().threads)

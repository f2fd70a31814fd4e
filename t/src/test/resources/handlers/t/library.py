"""Where modules of the standard library come from."""

import json
import json.decoder


def init(cfg):
    """One handler for all methods."""

    def where(req, task):
        loader = type(json.decoder.__loader__).__name__
        return f"{loader} {json.JSONDecoder.decode.__code__.co_filename}"

    return where

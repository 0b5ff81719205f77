"""The optical reader: rapidocr with the models of its own package.

Invariant: loaded only in the optical child process; every model is named by its path, so that
nothing is ever looked for on a network. A picture gives lines with a score for each character; it
interprets nothing.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from well.documents.reading.limits import OCR_PIXELS
from well.documents.reading.ocr_lines import Glyph, Line, Scan
from well.documents.reading.tilt import Point, Tilt

try:
    import cv2
    import rapidocr
except (ImportError, OSError):  # OSError: a shared library of theirs is missing.
    _INSTALLED = False
else:
    _INSTALLED = True

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float32]
Read = Callable[[Image.Image], Scan]

_DETECTION_SIDE = 1280
_THREADS = 1
_SMALLEST_SIDE = 24
_LONGEST = 10.0
_ASKED = 12
_SURE = 0.9
_LEVEL = math.radians(0.15)


def load() -> Read | None:
    """The optical reader; None where its libraries cannot be loaded."""
    return _Reader().read if _INSTALLED else None


def _parameters() -> dict[str, Any]:
    models = Path(rapidocr.__file__).parent / "models"
    return {
        "Global.log_level": "critical",
        "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
        "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
        "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
        "Det.limit_type": "max",
        "Det.limit_side_len": _DETECTION_SIDE,
        "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.return_word_box": True,
    }


class _Reader:
    def __init__(self) -> None:
        self._engine = rapidocr.RapidOCR(params=_parameters())

    def read(self, picture: Image.Image) -> Scan:
        """Lines of an RGB picture, from top to bottom."""
        pixels = _pixels(picture)
        height, width = pixels.shape[:2]
        tilt = Tilt(width, height)
        if min(width, height) < _SMALLEST_SIDE or max(width, height) > 40 * min(width, height):
            return Scan(tilt, ())
        corners = self._detect(pixels)
        if not len(corners):
            return Scan(tilt, ())
        tilt = Tilt(width, height, self._quarters(pixels, corners))
        level = [_ordered([tilt.upright(tuple(p)) for p in four]) for four in corners.tolist()]
        tilt = Tilt(width, height, tilt.quarters, _slope(level))
        lines = self._recognise(np.rot90(pixels, tilt.quarters), level)
        unskewed = Tilt(width, height, tilt.quarters)
        return Scan(tilt, tuple(_shown(line, unskewed) for line in lines))

    def _detect(self, pixels: Pixels) -> Corners:
        record: dict[str, Any] = {}
        padded = _padded(pixels)
        try:
            _, found = self._engine.detect_and_crop(padded, record)
        except rapidocr.main.RapidOCRError:  # It found no text.
            return np.zeros((0, 4, 2), np.float32)
        top = record["padding_1"]["top"]
        corners: Corners = np.asarray(found.boxes, np.float32) - np.asarray([0, top], np.float32)
        return corners

    def _quarters(self, pixels: Pixels, corners: Corners) -> int:
        """Quarter turns to the left that make the longest lines level and upright."""
        longest = sorted(corners, key=_length)[-_ASKED:]
        standing = sum(_height(four) > 1.5 * _width(four) for four in longest) > len(longest) / 2
        tilt = Tilt(pixels.shape[1], pixels.shape[0], int(standing))
        turned = np.rot90(pixels, tilt.quarters)
        level = [_ordered([tilt.upright(tuple(p)) for p in four.tolist()]) for four in longest]
        crops = [_crop(turned, four) for four in level]
        _, told = self._engine.cls_and_rotate(crops)
        over = sum(label == "180" and score > _SURE for label, score in told.cls_res or ())
        if over * 3 < len(crops):
            return tilt.quarters
        heads = self._scores(crops) < self._scores([np.rot90(crop, 2) for crop in crops])
        return tilt.quarters + 2 * bool(heads)

    def _scores(self, crops: Sequence[Pixels]) -> float:
        found = self._engine.recognize_txt([np.ascontiguousarray(crop) for crop in crops])
        return float(median(found.scores))

    def _recognise(self, pixels: Pixels, level: "list[list[Point]]") -> list[Line]:
        found = self._engine.recognize_txt([_crop(pixels, four) for four in level])
        lines = []
        for four, text, info in zip(level, found.txts or (), found.word_results, strict=True):
            if text.strip():
                lines.append(Line((four[0], four[1], four[2], four[3]), _glyphs(text, info)))
        return lines


def _pixels(picture: Image.Image) -> Pixels:
    """Grey in three channels, at most as many pixels as the reader's memory is made for."""
    grey = picture.convert("L")
    area = grey.width * grey.height
    if area > OCR_PIXELS:
        shrink = math.sqrt(OCR_PIXELS / area)
        grey = grey.resize((max(int(grey.width * shrink), 1), max(int(grey.height * shrink), 1)))
    one = np.asarray(grey, np.uint8)
    return np.ascontiguousarray(np.stack((one, one, one), axis=2))


def _padded(pixels: Pixels) -> Pixels:
    """A strip of paper widened with white, so that shrinking its length keeps its letters."""
    height, width = pixels.shape[:2]
    missing = int(height / _LONGEST) - width
    if missing <= 0:
        return pixels
    return np.pad(pixels, ((0, 0), (0, missing), (0, 0)), constant_values=255)


def _crop(pixels: Pixels, four: "Sequence[Point]") -> Pixels:
    """What lies between four corners, as a level strip."""
    corners = np.asarray(four, np.float32)
    width, height = max(int(_width(corners)), 2), max(int(_height(corners)), 2)
    flat = np.asarray([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, flat)
    strip = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(strip, np.uint8)


def _glyphs(text: str, info: Any) -> tuple[Glyph, ...]:
    """Characters with their places: a column of the recogniser's output is a share of the line."""
    columns = [column for word in info.word_cols for column in word]
    length = max(float(info.line_txt_len), 1.0)
    steps = [b - a for a, b in pairwise(columns) if b - a <= 6]
    width = (median(steps) if steps else 2.0) / length
    glyphs, seen = [], 0
    for char, score in zip(text, info.confs, strict=False):
        at = (columns[min(seen, len(columns) - 1)] + 0.5) / length
        glyphs.append(Glyph(char, float(score), min(at, 1.0), width))
        seen += not char.isspace()
    return tuple(glyphs)


def _shown(line: Line, tilt: Tilt) -> Line:
    one, two, three, four = (tilt.shown(corner) for corner in line.corners)
    return Line((one, two, three, four), line.glyphs)


def _ordered(points: "list[Point]") -> "list[Point]":
    """Corners clockwise from the top left."""
    by_x = sorted(points)
    left, right = sorted(by_x[:2], key=lambda p: p[1]), sorted(by_x[2:], key=lambda p: p[1])
    return [left[0], right[0], right[1], left[1]]


def _slope(level: "list[list[Point]]") -> float:
    """Usual slope of the lines that are long enough to have one, in radians."""
    slopes = [
        math.atan2(four[1][1] - four[0][1], four[1][0] - four[0][0])
        for four in level
        if _width(np.asarray(four)) > 5 * _height(np.asarray(four))
    ]
    slope = median(slopes) if len(slopes) >= 3 else 0.0
    return slope if abs(slope) > _LEVEL else 0.0


def _width(four: "NDArray[Any]") -> float:
    return float(np.linalg.norm(four[0] - four[1]))


def _height(four: "NDArray[Any]") -> float:
    return float(np.linalg.norm(four[0] - four[3]))


def _length(four: "NDArray[Any]") -> float:
    return max(_width(four), _height(four))

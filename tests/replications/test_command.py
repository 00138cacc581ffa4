"""The command ``replicate``: what it writes, that it writes the same again, and what it refuses."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from tests.replications.plain import trajectory
from transitionsim.cli import main

HEADER = "id,employment_0,auto_prob,unemployment_0,vacancies_0,D_0,D_f"
EMPLOYMENT, PROBABILITY = [1000.0, 3000.5, 2000.0], [0.1, 0.9, 0.5]
RATES = ["unemployment_rate_pct", "vacancy_rate_pct", "longterm_unemployment_rate_pct"]
MATRIX = "2,1,0\n0,1,1\n1,0.5,1e-3\n"


def lines_of(employment=EMPLOYMENT, probability=PROBABILITY):
    demand = [1.01600001 * e for e in employment]
    kept = [d * (1 - p) for d, p in zip(demand, probability, strict=True)]
    last = [sum(demand) / sum(kept) * k for k in kept]
    rows = zip(employment, probability, demand, last, strict=True)
    return [HEADER] + [f"{i},{e},{p},{0.01600001 * e},{0.01200001 * e},{d},{f}" for i, (e, p, d, f) in enumerate(rows)]


@pytest.fixture
def cli(capsys, tmp_path, monkeypatch):
    """Work in a folder with inputs and a matrix; return a function that runs the command there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inputs.csv").write_text("\n".join(lines_of()) + "\n", encoding="utf-8")
    (tmp_path / "matrix.csv").write_text(MATRIX, encoding="utf-8")

    def call(**options):
        given = {"inputs": "inputs.csv", "out": "out.csv", **options}
        model = given.pop("model", "occupational-mobility")
        words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
        with pytest.raises(SystemExit) as left:
            main(["validate", model, *words])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def columns_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    return rows[0], np.array([[float(cell) for cell in row] for row in rows[1:]]).T


@pytest.mark.parametrize("shock", ["none", "automation", "cycle"])
@pytest.mark.parametrize("network", ["complete", "loop:0.4", "ring:0.2", "matrix.csv"])
def test_the_mean_field_is_that_of_plain_loops(cli, tmp_path, network, shock):
    code, out, err = cli(network=network, shock=shock, method="mean-field")
    assert code == 0, err
    assert "written: out.csv" in out
    assert err.count("\n") == 1, "the input agrees with itself"
    matrix = {
        "complete": [[1 / 3] * 3] * 3,
        "loop:0.4": [[0.4 if i == j else 0.2 for j in range(3)] for i in range(3)],
        "ring:0.2": [[0.2 if i == j else 0.4 for j in range(3)] for i in range(3)],
        "matrix.csv": [[2, 1, 0], [0, 1, 1], [1, 0.5, 1e-3]],
    }[network]
    header, values = columns_of(tmp_path / "out.csv")
    assert header == ["t", *RATES]
    assert values[0].tolist() == list(range(600))
    np.testing.assert_allclose(values[1:], trajectory(EMPLOYMENT, PROBABILITY, matrix, shock), rtol=1e-10)


def test_agents_write_mean_and_deviation_and_the_same_bytes_again(cli, tmp_path):
    code, _, err = cli(shock="automation", network="ring:0.5", method="agents", scale=2, seeds=3)
    assert code == 0, err
    assert "12,193 persons" in err
    written = (tmp_path / "out.csv").read_bytes()
    header, values = columns_of(tmp_path / "out.csv")
    assert header == ["t", *RATES, *(f"{name}_sd" for name in RATES)]
    assert values.shape == (7, 600)
    assert (values[4][1:] > 0).all()
    cli(shock="automation", network="ring:0.5", method="agents", scale=2, seeds=3, out="again.csv")
    assert (tmp_path / "again.csv").read_bytes() == written
    cli(shock="automation", network="ring:0.5", method="agents", scale=2, seeds=1, out="alone.csv")
    assert np.isnan(columns_of(tmp_path / "alone.csv")[1][4:]).all()
    assert {path.name for path in tmp_path.iterdir()} == {
        "inputs.csv", "matrix.csv", "out.csv", "again.csv", "alone.csv",
    }  # fmt: skip


def test_derived_columns_are_checked_and_not_used(cli, tmp_path):
    cli(shock="automation")
    expected = (tmp_path / "out.csv").read_bytes()
    lines = lines_of()
    cells = lines[2].split(",")
    cells[3], cells[6] = "7", "1e6"
    (tmp_path / "inputs.csv").write_text("\n".join([*lines[:2], ",".join(cells), *lines[3:]]), encoding="utf-8")
    code, _, err = cli(shock="automation")
    assert code == 0
    assert "inputs.csv:3: unemployment_0: found 7, employment_0 and auto_prob make 48.0080300" in err
    assert "inputs.csv:3: D_f: found 1000000" in err
    assert (tmp_path / "out.csv").read_bytes() == expected


def test_columns_may_stand_in_any_order_and_beside_others(cli, tmp_path):
    cli(shock="automation")
    expected = (tmp_path / "out.csv").read_bytes()
    turned = [",".join([*reversed(line.split(",")), "more"]) for line in lines_of()]
    (tmp_path / "inputs.csv").write_text("\r\n".join(turned) + "\r\n\r\n", encoding="utf-8-sig")
    assert cli(shock="automation")[0] == 0
    assert (tmp_path / "out.csv").read_bytes() == expected


def changed(line, text):
    lines = lines_of()
    lines[line - 1] = text
    return "\n".join(lines)


WRONG_INPUTS = {
    "": "inputs.csv: is empty",
    HEADER: "inputs.csv: has no occupation below its header",
    changed(1, HEADER.replace("auto_prob", "autoprob")): "inputs.csv:1: column 'auto_prob' is missing; did you mean",
    changed(1, HEADER.replace("D_0", "id")): "inputs.csv:1: column 'D_0' is missing",
    changed(3, "1,x,0.5,1,1,1,1"): "inputs.csv:3: employment_0: 'x' is no number",
    changed(3, "1,nan,0.5,1,1,1,1"): "inputs.csv:3: employment_0: 'nan' is no number",
    changed(3, "1,inf,0.5,1,1,1,1"): "inputs.csv:3: employment_0: 'inf' is no number",
    changed(3, "1,-5,0.5,1,1,1,1"): "inputs.csv:3: employment_0: -5 is negative",
    changed(3, "1,1e16,0.5,1,1,1,1"): "inputs.csv:3: employment_0: 1e16 is more than 1e+15",
    changed(4, "1,5,1.5,1,1,1,1"): "inputs.csv:4: id: '1' stands in line 3 already",
    changed(4, "2,5,1.5,1,1,1,1"): "inputs.csv:4: auto_prob: 1.5 is more than 1",
    changed(4, "2,5,0.5,1,1,1,"): "inputs.csv:4: D_f: '' is no number",
    changed(4, "2,5,0.5,1,1"): "inputs.csv:4: has 5 values, the header names 7",
    f"{HEADER}\n0,0,0.5,0,0,0,0": "inputs.csv: employment_0: nobody is employed",
    f"{HEADER}\n0,10,1,0.16,0.12,10.16,0": "inputs.csv: auto_prob: every job is automated",
    changed(2, '0,"10"x,1,1,1,1,1'): "inputs.csv:2: is not a CSV file",
    "\udcff": "inputs.csv: is not a text file in UTF-8",
}


@pytest.mark.parametrize("content", WRONG_INPUTS)
def test_wrong_inputs_get_a_sentence(cli, tmp_path, content):
    (tmp_path / "inputs.csv").write_bytes(content.encode("utf-8", "surrogateescape"))
    refused(cli(shock="automation"), WRONG_INPUTS[content], tmp_path)


WRONG_MATRICES = {
    "": "matrix.csv: has 0 rows, the inputs name 3 occupations",
    "1,1,1\n1,1,1\n": "matrix.csv: has 2 rows, the inputs name 3 occupations",
    MATRIX + "1,1,1\n": "matrix.csv: has 4 rows, the inputs name 3 occupations",
    "1,1,1\n1,1\n1,1,1\n": "matrix.csv:2: has 2 entries, the inputs name 3 occupations",
    "1,1,1\n1,1,1,1\n1,1,1\n": "matrix.csv:2: has 4 entries, the inputs name 3 occupations",
    "1,1,1\n1,-1,1\n1,1,1\n": "matrix.csv:2: entry 2: -1 is negative",
    "1,1,1\n1,1,1\n0,0,0\n": "matrix.csv:3: every entry of the row is zero",
    "1,1,1\n1,1,one\n1,1,1\n": "matrix.csv:2: entry 3: 'one' is no number",
    "1,1,1\n1,1,nan\n1,1,1\n": "matrix.csv:2: entry 3: 'nan' is no number",
    "a,b,c\n1,1,1\n1,1,1\n1,1,1\n": "matrix.csv:1: entry 1: 'a' is no number",
    "-1,1,1\n" * 30: "matrix.csv: 10 more lines with mistakes",
}


@pytest.mark.parametrize("content", WRONG_MATRICES)
@pytest.mark.parametrize("method", ["mean-field", "agents"])
def test_wrong_matrices_get_a_sentence(cli, tmp_path, content, method):
    (tmp_path / "matrix.csv").write_text(content, encoding="utf-8")
    refused(cli(network="matrix.csv", method=method), WRONG_MATRICES[content], tmp_path)


WRONG_OPTIONS = [
    ({"model": "occupational"}, "no such command 'occupational'. Did you mean 'occupational-mobility'?"),
    ({"inputs": "absent.csv"}, "--inputs: cannot read absent.csv: No such file or directory"),
    ({"inputs": "."}, "--inputs: cannot read .: Is a directory"),
    ({"network": "absent.csv"}, "--network: 'absent.csv' is no file; allowed are complete, loop:R, ring:R"),
    ({"network": "loop:"}, "--network: 'loop:': a number from 0 to 1 is needed behind 'loop:'"),
    ({"network": "ring:1.01"}, "--network: 'ring:1.01': a number from 0 to 1 is needed behind 'ring:'"),
    ({"network": "ring:nan"}, "--network: 'ring:nan': a number from 0 to 1"),
    ({"network": "."}, "--network: cannot read .: Is a directory"),
    ({"shock": "automatic"}, "--shock: 'automatic' is unknown; did you mean 'automation'?"),
    ({"method": "agent"}, "--method: 'agent' is unknown; did you mean 'agents'?"),
    ({"scale": 0, "method": "agents"}, "--scale: found 0.0, a number above 0 is needed"),
    ({"scale": "nan"}, "--scale: found nan, a number above 0 is needed"),
    ({"scale": "x"}, "invalid value for '--scale'"),
    ({"scale": 1e-9, "method": "agents"}, "--scale: 1e-09 of 6,097 persons makes nobody at work"),
    ({"scale": 1e6, "method": "agents"}, "--scale: 1e+06 makes 6,096,508,060 persons; at most 20,000,000 can be"),
    ({"seeds": 0}, "--seeds: found 0, at least 1 is needed"),
    ({"out": "."}, "--out: . is no ordinary file"),
    ({"out": "absent/out.csv"}, "--out: cannot write to absent/out.csv: no such file or directory"),
    ({"out": "inputs.csv/out.csv"}, "--out: cannot write to inputs.csv/out.csv: not a directory"),
    ({"out": "inputs.csv"}, "--out: inputs.csv is a file that is read"),
    ({"out": "matrix.csv", "network": "matrix.csv"}, "--out: matrix.csv is a file that is read"),
]


@pytest.mark.parametrize(("options", "sentence"), WRONG_OPTIONS)
def test_wrong_options_get_a_sentence(cli, tmp_path, options, sentence):
    refused(cli(**options), sentence, tmp_path)


def refused(result, sentence, folder):
    """The sentence is said, once a line and without traceback, and nothing is written."""
    code, out, err = result
    assert code == 2
    assert sentence in err
    assert "Traceback" not in err
    assert out == ""
    assert {path.name for path in folder.iterdir()} == {"inputs.csv", "matrix.csv"}
    assert (folder / "inputs.csv").stat().st_size == 0 or "written" not in err


def test_a_single_occupation_needs_a_way_to_itself(cli, tmp_path):
    (tmp_path / "inputs.csv").write_text("\n".join(lines_of([500.0], [0.5])), encoding="utf-8")
    refused(cli(network="loop:0"), "--network: 'loop:0': with one occupation its only row would be zero", tmp_path)
    code, _, _ = cli(network="loop:0.5")
    assert code == 0
    assert columns_of(tmp_path / "out.csv")[1][1][-1] == pytest.approx(4.106572629624781)


def test_an_interrupted_run_leaves_nothing(cli, tmp_path, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("transitionsim.replications.mean_field.mean_field", stopped)
    assert cli()[0] == 130
    assert {path.name for path in tmp_path.iterdir()} == {"inputs.csv", "matrix.csv"}


def test_an_earlier_file_is_replaced_only_by_a_whole_one(cli, tmp_path):
    (tmp_path / "out.csv").write_text("earlier", encoding="utf-8")
    assert cli(network="absent.csv")[0] == 2
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "earlier"
    assert cli()[0] == 0
    assert math.isclose(columns_of(tmp_path / "out.csv")[1][1][0], 1.574804118358227)

"""The equations of docs/replications.md in plain loops over plain lists, sharing nothing with the package."""

from __future__ import annotations

import math

DU, DV = 0.01600001, 0.01200001
G = 10 * DU
HALF = 0.5 * 30 * 52 / 6.75


def targets(start, probability, shock, t):
    if shock == "automation" and t >= 100:
        kept = [d * (1 - p) for d, p in zip(start, probability, strict=True)]
        done = 1 / (1 + math.exp(-math.log(9999) / HALF * (t - 100 - HALF)))
        return [d + (k * sum(start) / sum(kept) - d) * done for d, k in zip(start, kept, strict=True)]
    if shock == "cycle" and t >= 80:
        return [d * (1 - 0.065 * math.sin(2 * math.pi * (t + 80) / 103)) for d in start]
    return start


def trajectory(employment, probability, matrix, shock, steps=600):
    """Return lists of unemployment, vacancies and long-term unemployment in per cent."""
    n = len(employment)
    e, u, v = list(employment), [DU * x for x in employment], [DV * x for x in employment]
    first = [a + b for a, b in zip(e, u, strict=True)]
    spells: list[list[float]] = [[] for _ in range(n)]  # of each occupation, newest first
    rows = []
    for t in range(steps):
        force = sum(e) + sum(u)
        long_term = sum(sum(one[3:]) for one in spells)
        rows.append((100 * sum(u) / force, 100 * sum(v) / (sum(v) + sum(e)), 100 * long_term / force))
        aim = targets(first, probability, shock, t + 1)
        flow = [[0.0] * n for _ in range(n)]
        sent = [[0.0] * n for _ in range(n)]
        for i in range(n):
            reach = sum(v[k] * matrix[i][k] for k in range(n))
            for j in range(n):
                sent[i][j] = u[i] * v[j] * matrix[i][j] / reach if reach > 0 else 0.0
        for j in range(n):
            received = sum(sent[i][j] for i in range(n))
            chance = v[j] / received * -math.expm1(-received / v[j]) if received > 0 else 0.0
            for i in range(n):
                flow[i][j] = sent[i][j] * chance
        for i in range(n):
            gap = e[i] + v[i] - aim[i]
            lost = DU * e[i] + (1 - DU) * min(e[i], G * max(0.0, gap))
            opened = DV * e[i] + (1 - DV) * min(e[i], G * max(0.0, -gap))
            leaving = sum(flow[i])
            entering = sum(flow[j][i] for j in range(n))
            spells[i] = [lost] + [one * (1 - leaving / u[i]) if u[i] > 0 else one for one in spells[i]]
            e[i], u[i], v[i] = e[i] + entering - lost, u[i] + lost - leaving, v[i] + opened - entering
    return [list(column) for column in zip(*rows, strict=True)]

"""Who writes what of the state: every part, field by field where several files share it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

START: Final = ("entering", "model", "regions.newcomers", "regions.pyramids", "regions.start")
"""Files that make a state before its first month, and so write all of it."""

WRITERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "settings": (),
        "seed": (),
        "scale": (),
        "month": ("living",),
        "workers": ("living", "steps.learning", "steps.staff", "steps.work"),
        "employers": ("living", "steps.orders", "steps.staff", "steps.work"),
        "world": ("steps.learning", "steps.orders", "steps.places", "steps.work"),
        "labour.staff": ("steps.staff", "steps.work"),
        "labour.posts": ("steps.orders",),
        "labour.vacancies": ("steps.work",),
        "labour.leaving": ("steps.staff",),
        "labour.on_notice": ("steps.staff",),
        "labour.automotive_rows": ("steps.staff",),
        "labour.hires_window": ("steps.work",),
        "labour.vacancy_window": ("steps.work",),
        "labour.lacking_window": ("steps.staff",),
        "labour.gap_window": ("steps.places",),
        "labour.automotive_count": ("steps.staff",),
        "labour.response": ("steps.region",),
        "labour.other_factor": ("steps.orders",),
        "labour.listed": ("living", "steps.work"),
        "orders.network": (),
        "orders.road": (),
        "orders.books": ("steps.orders",),
        "orders.share": ("steps.orders",),
        "orders.log_share": ("steps.orders",),
        "orders.handed_on": ("steps.orders",),
        "orders.projects": (),
        "orders.vehicles_made": ("steps.orders",),
        "training.seats_used": ("steps.learning",),
        "training.active": ("steps.learning",),
        "training.providers": ("steps.learning",),
        "public.transfers": ("steps.region",),
        "public.policies": ("steps.budgets", "steps.learning", "steps.staff"),
        "public.instruments": (),
        "public.short_time_pay": ("steps.staff",),
        "public.short_time_by_policies": (),
        "public.early_exit_cost": ("steps.staff",),
        "counts.separations": ("steps.orders", "steps.staff", "steps.work"),
        "counts.hires": ("steps.orders", "steps.work"),
        "counts.hires_by_profile": ("steps.orders", "steps.work"),
        "counts.by_profile": ("steps.work",),
        "counts.by_status": ("steps.region",),
        "counts.commuters": ("steps.region",),
        "counts.misplaced": ("steps.region",),
        "counts.by_sector": ("steps.region",),
        "counts.purse": ("steps.region",),
        "counts.jobless": ("steps.region",),
        "counts.long_term": ("steps.region",),
        "counts.in_course": ("steps.region",),
        "counts.supply": ("steps.region",),
        "counts.posts_by_profile": ("steps.region",),
        "counts.learning": ("steps.learning", "steps.orders", "steps.region", "steps.work"),
        "counts.breakdown": ("steps.orders", "steps.region", "steps.staff", "steps.work"),
        "counts.displaced": ("steps.region",),
        "counts.short_time_lost": ("steps.orders", "steps.staff"),
        "counts.short_time_wages": ("steps.orders", "steps.staff"),
        "counts.away": ("steps.places",),
        "counts.moved_away": ("steps.orders", "steps.places"),
        "counts.came_back": ("steps.orders", "steps.places"),
        "counts.employed_before": ("audit",),
        "reference.jobs": (),
        "reference.parts": (),
        "reference.holds": (),
        "reference.posts_start": (),
        "reference.phase": (),
        "reference.cell_phase": (),
        "reference.employer_order": (),
        "reference.fill_reference": (),
        "reference.unemployment_start": (),
        "reference.posts_reference": (),
        "reference.other_start": (),
        "record.series": ("recorder",),
        "record.tables": ("recorder",),
        "record.histories": ("steps.earnings",),
        "record.careers": ("steps.learning", "steps.region"),
    }
)
"""The files that write a part, or a field of it, once months are lived; rules are run by ``living``.

What the steps of a policy write besides stands in its own file, as ``Policy.writes``.
"""

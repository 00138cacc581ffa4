"""The switches of the model's mechanisms, as a scenario sets them and as the steps of a month read them."""

from __future__ import annotations

from pydantic import Field

from transitionsim.sentences import Flag, PlainModel


class Mechanisms(PlainModel):
    """Each mechanism of the model can be switched off, for exact limits and for finding out what it does."""

    ageing: Flag = Field(default=True, description="people age, retire and are replaced by entrants")
    separations: Flag = Field(default=True, description="jobs end for reasons other than lack of orders")
    inactivity: Flag = Field(default=True, description="people leave and join the labour force")
    search_on_the_job: Flag = Field(default=True, description="employed people look for other jobs")
    choosy: Flag = Field(default=True, description="people in a job do not take clearly worse paid ones")
    age_pyramids: Flag = Field(default=True, description="automotive firms start with ages of their own")
    scars: Flag = Field(default=True, description="people who lost a job earn less in the next one, for years")
    dismissals: Flag = Field(default=True, description="firms dismiss for lack of orders")
    closures: Flag = Field(default=True, description="firms close")
    short_time_work: Flag = Field(default=True, description="firms short of orders let staff work fewer hours")
    early_exits: Flag = Field(default=True, description="firms that must dismiss pay older volunteers to retire early")
    conversion: Flag = Field(default=True, description="suppliers convert to electric components")
    training: Flag = Field(default=True, description="courses run")
    provider_capacity: Flag = Field(default=True, description="training providers have limited places")
    migration: Flag = Field(default=True, description="people move to and from other regions")
    local_response: Flag = Field(default=True, description="other employers respond to automotive posts lost")
    plant_shocks: Flag = Field(default=True, description="orders shift between suppliers, their total unchanged")
    successors: Flag = Field(default=True, description="others take on what a bankrupt supplier made")
    entry: Flag = Field(default=True, description="new suppliers of electric components open")

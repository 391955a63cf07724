"""What `make mutate` is given by hand stays true to the code."""

import pytest

from tests.mutation.python import python_mutants
from tests.mutation.sql import PATCHES, SqlMutant, sql_mutants
from tests.mutation.tally import explanations
from tests.mutation.trees import ROOT


@pytest.mark.parametrize("mutant", list(sql_mutants()), ids=lambda mutant: mutant.name)
def test_every_sql_mutant_applies_and_names_tests_that_exist(mutant: SqlMutant) -> None:
    assert mutant.breaks.endswith(".")
    assert [path for path in mutant.tests if not (ROOT / path).exists()] == []
    changed = mutant.texts()
    assert [path for path, text in changed.items() if text == (ROOT / path).read_text(encoding="utf-8")] == []


def test_there_are_sixty_sql_mutants_or_more() -> None:
    assert len(list(PATCHES.glob("*.patch"))) >= 60


def test_every_explained_mutant_still_exists() -> None:
    explained = explanations()
    modules = tuple({name.split()[0] for name in explained if ".py" in name.split()[0]})
    names = {mutant.name for mutant in python_mutants(modules)} | {mutant.name for mutant in sql_mutants()}
    assert set(explained) - names == set()

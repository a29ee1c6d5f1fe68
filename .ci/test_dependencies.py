"""The check of the crates is itself checked: python3 -m unittest discover .ci"""

import datetime
import unittest

import dependencies
from dependencies import faults, matches, may_be_used, read_listed

ROOT = dependencies.HERE.parent


class OurLists(unittest.TestCase):
    def setUp(self):
        self.locked = dependencies.read_locked(ROOT)
        self.listed = read_listed(dependencies.CRATES.read_text())
        self.licences = dependencies.read_licences(ROOT)

    def told(self, locked=None, advisories=()):
        return list(faults(locked or self.locked, self.licences, self.listed, advisories))

    def test_a_crate_taken_out_of_the_list_is_named(self):
        self.assertEqual(self.told(), [])
        del self.listed["serde"]
        self.assertEqual([fault.split()[0] for fault in self.told()], ["serde"])

    def test_a_crate_that_comes_and_one_that_goes_are_named(self):
        told = self.told([pair for pair in self.locked if pair[0] != "serde"] + [("rsa", "0.9.10")])
        self.assertEqual([fault.split()[0] for fault in told], ["rsa", "serde"])

    def test_another_licence_is_named(self):
        self.licences["serde"] = "GPL-3.0-only"
        self.assertIn("serde is under GPL-3.0-only", self.told()[0])
        self.listed["serde"] = "GPL-3.0-only"
        self.assertEqual(self.told(), ["serde is under GPL-3.0-only, which may not be used"])

    def test_an_advisory_holds_for_unpatched_versions_until_somebody_decides(self):
        advisory = {"id": "RUSTSEC-1", "crate": "serde", "patched": ["^0.9", ">= 2"], "unaffected": ["< 0.1"]}
        locked = [pair for pair in self.locked if pair[0] != "serde"]
        for found, expected in [("1.0.5", 1), ("2.0.0", 0), ("0.9.3", 0), ("0.0.9", 0), ("2.0.0-rc.1", 1)]:
            told = self.told([*locked, ("serde", found)], [advisory])
            self.assertEqual(len(told), expected, f"{found}: {told}")
        self.assertEqual(self.told(advisories=[advisory | {"accepted": "never called"}]), [])


class Reading(unittest.TestCase):
    def test_licences(self):
        for licence in ["MIT", "MIT/Apache-2.0", "Apache-2.0 / MIT", "MIT OR GPL-3.0-only", "(MIT OR GPL-2.0) AND ISC"]:
            self.assertTrue(may_be_used(licence), licence)
        for licence in ["", "none", "GPL-3.0-only", "LGPL-2.1-or-later", "MIT AND GPL-2.0", "(MIT OR ISC) AND AGPL-3.0"]:
            self.assertFalse(may_be_used(licence), licence)

    def test_version_requirements(self):
        for wanted, found, held in [
            (">= 1.2.3", "1.2.3", True),
            (">=1.10", "1.9.9", False),
            ("> 0.7.19", "4.18.1", True),
            ("< 0.101.0, >= 0.100.2", "0.100.3", True),
            ("< 0.101.0, >= 0.100.2", "0.101.0", False),
            ("^0.3.26", "0.3.27", True),
            ("^0.3.26", "0.4.0", False),
            ("^ 2.2.1", "2.9.0", True),
            ("^0", "0.9.1", True),
            ("0.13.10", "0.13.11", True),
            ("0.13.10", "0.14.0", False),
            ("~1.2.3", "1.3.0", False),
            ("=0.15.0", "0.15.0", True),
            (">= 0.3.0-beta.1", "0.3.0-alpha.9", False),
            (">= 0.3.0-beta.2", "0.3.0-beta.10", True),
        ]:
            self.assertEqual(matches(wanted, found), held, f"{wanted} and {found}")

    def test_an_old_list_of_advisories_is_told(self):
        taken = datetime.date(2026, 1, 1)
        self.assertIsNone(dependencies.age_warning(taken, datetime.date(2026, 4, 1)))
        self.assertIn("91 days old", dependencies.age_warning(taken, datetime.date(2026, 4, 2)))


if __name__ == "__main__":
    unittest.main()

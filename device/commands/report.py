"""`emotify report`: print what somebody needs to find a mistake."""

import argparse
import sys

from device.commands.doctor import Doctor
from device.config import config, folders
from device.doctor import report


def run(args: argparse.Namespace) -> int:
    """Print the report. The journal is read as who has called this, the rest as the service."""
    journal = report.journal_lines()
    folder = folders.state_folder()
    folders.act_as_owner(folder)
    settings, _ = config.read(args.config)
    findings = Doctor(args, person=None).findings()
    print(report.report(findings, settings, journal, report.Redaction(settings, folder)))
    if sys.stdout.isatty():
        print("Into a file: sudo emotify report > report.txt. Read it before you send it.")
    return 0

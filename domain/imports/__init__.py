"""Imports: files of numbers from CRMs and spreadsheets, taken into the ledger whole or not at all."""

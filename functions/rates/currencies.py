"""The currencies: the codes that v2 accepts, and their English names, symbols and numbers."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

# Frankfurter v2 accepts these codes. The ECB quotes, or has quoted, 42 of them.
_CODES = """
AED AFN ALL AMD ANG AOA ARS ATS AUD AWG AZN BAM BBD BCH BDT BEF BGN BHD BIF BMD BND BOB BRL BSD BTC
BTN BWP BYN BYR BZD CAD CDF CHF CLF CLP CNH CNY COP CRC CUC CUP CVE CYP CZK DEM DJF DKK DOP DZD EEK
EGP ERN ESP ETB EUR FIM FJD FKP FRF GBP GBX GEL GGP GHC GHS GIP GMD GNF GRD GTQ GYD HKD HNL HRK HTG
HUF IDR IEP ILS IMP INR IQD IRR ISK ITL JEP JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
LKR LRD LSL LTL LUF LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MTL MUR MVR MWK MXN MYR MZN NAD NGN
NIO NLG NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PTE PYG QAR ROL RON RSD RUB RWF SAR SBD SCR SDG SEK
SGD SHP SIT SKK SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMM TMT TND TOP TRL TRY TTD TWD TZS
UAH UGX USD USDC UYU UZS VEF VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XEU XFU XOF XPD
XPF XPT XTS YEN YER ZAR ZMK ZMW ZWD ZWG ZWL ZWN ZWR
"""


class Currency(NamedTuple):
    """A currency's ISO 4217 number, English name and symbol. `number` and `symbol` may be missing."""

    number: str | None
    name: str
    symbol: str | None


@cache
def codes() -> frozenset[str]:
    """Return the codes that v2 accepts."""
    return frozenset(_CODES.split())


def currency(code: str) -> Currency:
    """Return a currency. One without data has its code as its name."""
    return _currencies().get(code) or Currency(None, code, None)


@cache
def _currencies() -> dict[str, Currency]:
    """Return the currencies that the ECB quotes, has quoted or may quote next, by code. Reads them once.

    Those that it may quote next are the ones of EU candidates, and those that it is asked for most. Their
    names and numbers are ISO 4217's.
    """
    data = json.loads(Path(__file__).with_name("currencies.json").read_text(encoding="utf-8"))
    return {code: Currency(*fields) for code, fields in data.items()}

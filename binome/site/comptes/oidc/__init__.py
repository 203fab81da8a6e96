"""OpenID Connect as Pro Santé Connect and ProConnect speak it: allauth's provider, and what it does not read.

ProConnect answers the user information as a signed token (`application/jwt`), and both want a `nonce`.
"""

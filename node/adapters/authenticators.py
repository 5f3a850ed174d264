"""The port `Authenticators` by py_webauthn. A device must have asked its owner; what it is made of is not asked."""

import secrets

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from node.domain.passkey import Passkey, PasskeyId, PasskeyRefusedError, Site
from node.services.ports.factors import KeyOwner, NewKey

_ASKED = UserVerificationRequirement.REQUIRED


class WebAuthnDevices:
    """Devices behind a browser."""

    def new_challenge(self) -> str:
        """256 random bits."""
        return secrets.token_urlsafe(32)

    def ask_for_key(self, site: Site, challenge: str, owner: KeyOwner) -> str:
        """Options for `navigator.credentials.create`: a key the device finds by itself."""
        known = [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key)) for key in owner.known]
        options = generate_registration_options(
            rp_id=site.host,
            rp_name=owner.program,
            user_id=owner.id.encode(),
            user_name=owner.email,
            user_display_name=owner.name,
            challenge=base64url_to_bytes(challenge),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_ASKED
            ),
            exclude_credentials=known,
        )
        return options_to_json(options)

    def new_key(self, site: Site, challenge: str, answer: str) -> NewKey:
        """The key that was made. Raises: PasskeyRefusedError."""
        try:
            made = verify_registration_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as cause:
            raise PasskeyRefusedError from cause
        key = PasskeyId(bytes_to_base64url(made.credential_id))
        return NewKey(id=key, public_key=made.credential_public_key, signed=made.sign_count)

    def ask_for_signature(self, site: Site, challenge: str) -> str:
        """Options for `navigator.credentials.get`."""
        options = generate_authentication_options(
            rp_id=site.host, challenge=base64url_to_bytes(challenge), user_verification=_ASKED
        )
        return options_to_json(options)

    def key_in(self, answer: str) -> PasskeyId:
        """Which key signed. Raises: PasskeyRefusedError."""
        try:
            return PasskeyId(bytes_to_base64url(parse_authentication_credential_json(answer).raw_id))
        except (WebAuthnException, ValueError, KeyError, TypeError) as cause:
            raise PasskeyRefusedError from cause

    def check(self, site: Site, challenge: str, answer: str, passkey: Passkey) -> int:
        """What the device counts. Raises: PasskeyRefusedError."""
        try:
            checked = verify_authentication_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.signed,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as cause:
            raise PasskeyRefusedError from cause
        return checked.new_sign_count

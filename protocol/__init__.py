"""The language of a federation: documents, signatures, seals and states. Pure: bytes in, proof or a named error out."""

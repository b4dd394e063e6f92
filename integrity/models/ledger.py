"""The public log's tables: written by the sequencer's role alone, read by everybody, never changed but to grow."""

from __future__ import annotations

from django.db import models


class LedgerTree(models.Model):
    """One row: how large the log is. Its lock is what lets two sequencers run at once without harm."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(null=True)
    origin = models.CharField(
        max_length=200, default="", help_text="the log's name, fixed by its first checkpoint"
    )
    key = models.CharField(
        max_length=300, default="", help_text="the log's public key, for whoever wants to verify"
    )
    grown_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="when a sequencer last looked into the queue")
    refusal = models.CharField(
        max_length=400, default="", help_text="why the signer refuses to go on; empty while all is well"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledgertree_single")]


class LedgerLeaf(models.Model):
    """Which event stands at which place of the log."""

    index = models.BigIntegerField(primary_key=True)
    stream = models.CharField(max_length=120)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="ledgerleaf_once")]


class LedgerTile(models.Model):
    """Up to 256 hashes of the tree, 32 bytes each; grows to the right until it is full."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    data = models.BinaryField()


class LedgerCheckpoint(models.Model):
    """A size and root the log signed. `note` is the signed text, byte for byte, with the log's own line alone."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.BinaryField()
    signed_at = models.DateTimeField()
    drained = models.BooleanField(
        help_text="whether nothing waited when it was signed: only then a later leaf was recorded later"
    )


class LedgerCosignature(models.Model):
    """A witness's line under a checkpoint. The first one bounds what it holds from above, the last one what comes after from below."""

    checkpoint = models.ForeignKey(LedgerCheckpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.CharField(max_length=400, help_text="the signature line as it stands under the note")
    cosigned_at = models.DateTimeField(help_text="by the witness's clock, inside what it signed")

    class Meta:
        ordering = ["witness", "cosigned_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint", "witness", "cosigned_at"], name="ledgercosignature_once"
            )
        ]


class LedgerToken(models.Model):
    """A time-stamping authority's token (RFC 3161) over a checkpoint's note: another clock that is not ours."""

    checkpoint = models.ForeignKey(LedgerCheckpoint, on_delete=models.PROTECT, related_name="tokens")
    authority = models.CharField(max_length=200)
    token = models.BinaryField(help_text="the whole response, DER, as `openssl ts -verify -in` takes it")
    stamped_at = models.DateTimeField()

    class Meta:
        ordering = ["stamped_at"]

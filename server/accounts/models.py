"""Staff, departments, grants, what they log in with, and their sessions.

Only services of this app write these; `accounts.policy` says what a grant allows.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

__all__ = [
    "ApiToken",
    "Department",
    "Grant",
    "LoginFailure",
    "LoginSession",
    "RecoveryCode",
    "Role",
    "SecondFactor",
    "SetupCode",
    "Staff",
]

#: A digest in hexadecimal: SHA-256.
DIGEST_LENGTH = 64


class Department(models.Model):
    """A part of the organisation that owns screens and content (宣传部, 一号矿 …)."""

    name = models.CharField(max_length=100)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint("parent", Lower("name"), name="department_name_once"),
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(parent__isnull=True),
                name="department_top_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    """Finds a member of staff by name, whatever the case."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        """Return the one of this name; `Staff.DoesNotExist` otherwise."""
        return self.get(username__iexact=username)


class Staff(AbstractBaseUser):
    """A member of staff.  Never deleted (the audit names them): disabled."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=60)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = StaffManager()

    class Meta:
        ordering: ClassVar = ["username"]
        verbose_name_plural = "staff"
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="staff_username_once"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username


class Role(models.TextChoices):
    """What a member of staff does."""

    EDITOR = "editor", "编辑"
    REVIEWER_1 = "reviewer-1", "一审"
    REVIEWER_2 = "reviewer-2", "二审"
    REVIEWER_3 = "reviewer-3", "三审"
    ADMINISTRATOR = "administrator", "管理员"
    AUDITOR = "auditor", "审计员"


class Grant(models.Model):
    """A role that somebody has in a department and all below it (None: everywhere)."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="grants")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "department", "role"],
                name="grant_once",
            ),
            models.UniqueConstraint(
                fields=["staff", "role"],
                condition=models.Q(department__isnull=True),
                name="grant_everywhere_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="grant_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff}: {self.role} ({self.department or '*'})"


class ApiToken(models.Model):
    """A token by which a script acts for a member of staff; only its digest is kept."""

    class Scope(models.TextChoices):
        """What of their rights the script has."""

        ALL = "", "全部"
        READ = "read", "只读"
        DATA = "data", "只管数据表"
        NOTICES = "notices", "只投稿通知"
        CAP = "cap", "只送预警"

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    scope = models.CharField(max_length=10, choices=Scope.choices, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.name} ({self.staff})"


class SetupCode(models.Model):
    """The one-time code by which the first administrator is made, or a password set anew."""

    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.CASCADE, related_name="setup_codes"
    )
    sha256 = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"code for {self.staff or 'the first administrator'}"


class LoginFailure(models.Model):
    """A login that failed, for the limits per account and per address."""

    username = models.CharField(max_length=60)
    address = models.GenericIPAddressField()
    #: The mark of a browser that logged in here before; "" is a stranger.
    device = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["username", "at"]),
            models.Index(fields=["address", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}"


class LoginSession(AbstractBaseSession):
    """A browser's session (the engine is `accounts.session_store`), with whose it is and where.

    `staff` is None before somebody has logged in; `seen_at` is exact to a few minutes.
    """

    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.CASCADE, related_name="sessions"
    )
    address = models.CharField(max_length=45, blank=True, default="")
    #: What the browser calls itself: any text at all.
    browser = models.CharField(max_length=300, blank=True, default="")
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the engine, as Django asks for it."""
        from server.accounts.session_store import SessionStore

        return SessionStore


class SecondFactor(models.Model):
    """The time-based codes of one account (RFC 6238); they count once `confirmed_at` is there."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="second_factor")
    #: The shared secret, sealed (`accounts.sealing`).
    sealed_secret = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    #: The last time step whose code was used: an older one, or the same again, lets nobody in.
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of {self.staff}"


class RecoveryCode(models.Model):
    """A code for the day on which the telephone is lost: works once, kept as its digest."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="recovery_codes")
    sha256 = models.CharField(max_length=DIGEST_LENGTH)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "sha256"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.staff}"

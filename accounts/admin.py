"""For the operator of an installation. Classes, seats and who sits are not here: nobody needs to browse pupils."""

from django.contrib import admin

from accounts.models import AuditLine, Authority, AuthorityAdministrator, AuthorityMembership, Membership, School, User


class AuthorityMembershipInline(admin.TabularInline):
    model = AuthorityMembership
    extra = 0
    autocomplete_fields = ["school"]


class AuthorityAdministratorInline(admin.TabularInline):
    model = AuthorityAdministrator
    extra = 0
    autocomplete_fields = ["user"]


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["school"]


@admin.register(School)
class SchoolAdmin(admin.ModelAdmin):
    list_display = ["name", "territory", "language", "is_demonstration"]
    list_filter = ["territory", "is_demonstration"]
    search_fields = ["name"]


@admin.register(Authority)
class AuthorityAdmin(admin.ModelAdmin):
    search_fields = ["name"]
    inlines = [AuthorityMembershipInline, AuthorityAdministratorInline]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Accounts are made by invitation; passwords are changed by their owners."""

    list_display = ["email", "name", "is_active", "is_staff"]
    fields = ["email", "name", "language", "is_active", "is_staff", "groups"]
    search_fields = ["email", "name"]
    inlines = [MembershipInline]

    def has_add_permission(self, request) -> bool:
        return False


@admin.register(AuditLine)
class AuditLineAdmin(admin.ModelAdmin):
    list_display = ["done_at", "act", "subject", "actor_key"]
    list_filter = ["act"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

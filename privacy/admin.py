"""What the admin deletes goes through the erasures, so that the ledger knows it."""

from django.contrib import admin
from django.db.models import QuerySet

from accounts.admin import SchoolAdmin, UserAdmin
from accounts.models import School, User
from privacy.operations import erase_school, erase_user

admin.site.unregister([School, User])


@admin.register(School)
class ErasingSchoolAdmin(SchoolAdmin):
    def delete_model(self, request, obj: School) -> None:
        erase_school(school=obj)

    def delete_queryset(self, request, queryset: QuerySet[School]) -> None:
        for school in queryset:
            erase_school(school=school)


@admin.register(User)
class ErasingUserAdmin(UserAdmin):
    def delete_model(self, request, obj: User) -> None:
        erase_user(user=obj)

    def delete_queryset(self, request, queryset: QuerySet[User]) -> None:
        for user in queryset:
            erase_user(user=user)

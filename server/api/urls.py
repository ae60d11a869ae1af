"""Where each address below /api/v1/ leads: to the operations of the table."""

from server.api.interface import views_of
from server.api.operations import OPERATIONS

urlpatterns = views_of(OPERATIONS)

"""Where the pages of reviews are, below /reviews/."""

from django.urls import path

from server.staff.reviews import acts, lists, records, submissions

urlpatterns = [
    path("", lists.reviews, name="reviews"),
    path("submit/", acts.submit, name="review_submit"),
    path("away/", lists.away, name="review_away"),
    path("<int:pk>/", submissions.review, name="review"),
    path("<int:pk>/record/", records.record, name="review_record"),
    path("<int:pk>/record.pdf", records.paper, name="review_paper"),
    path("<int:pk>/items/<int:position>/", submissions.item, name="review_item"),
    path("<int:pk>/remarks/", acts.remark, name="review_remark"),
    path("<int:pk>/asked/", acts.ask, name="review_ask"),
    path("<int:pk>/<slug:act>/", acts.act, name="review_act"),
]

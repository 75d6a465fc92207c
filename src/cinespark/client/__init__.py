"""A client of the service, for programs in Python."""

from cinespark.client.client import Client, ServiceError

__all__ = ["Client", "ServiceError"]

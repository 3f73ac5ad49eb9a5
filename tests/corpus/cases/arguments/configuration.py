from dbos_typed import DBOS, DBOSConfig, Queue

config: DBOSConfig = {"name": "shop", "database_url": "sqlite:///shop.sqlite"}
wrong: DBOSConfig = {"name": "shop", "databse_url": "sqlite:///shop.sqlite"}  # E: type
DBOS(config=config)
DBOS(config={"name": 3})  # E: type
Queue("a", concurrency=3, limiter={"limit": 5, "period": 1.0})
Queue("b", limiter={"limit": 5})  # E: type
Queue("c", concurency=3)  # E: type
Queue("d", worker_concurrency=2, priority_enabled=True)

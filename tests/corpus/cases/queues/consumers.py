from dbos_typed import DBOS, KafkaMessage

CONFIG = {"bootstrap.servers": "localhost:9092"}


@DBOS.kafka_consumer(CONFIG, ["orders"])
@DBOS.workflow()
def on_order(message: KafkaMessage) -> None:
    DBOS.logger.info(message.value)
    DBOS.sleep(1)


@DBOS.kafka_consumer(CONFIG, ["payments"])  # E: type
@DBOS.workflow()
def on_payment(message: str) -> None:
    DBOS.logger.info(message)


@DBOS.kafka_consumer(CONFIG, ["mails"])  # E: type
@DBOS.step()
def on_mail(message: KafkaMessage) -> None:
    DBOS.logger.info(message.value)


@DBOS.kafka_consumer(CONFIG, 3)  # E: type
@DBOS.workflow()
def on_three(message: KafkaMessage) -> None:
    DBOS.logger.info(message.value)

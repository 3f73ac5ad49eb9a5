import reexported
from dbos_typed import DBOS
from reexported import checkout, give_back

DBOS.start_workflow(checkout, "o")
DBOS.start_workflow(checkout, 1)  # E: type
DBOS.start_workflow(give_back, "o", 1)
DBOS.start_workflow(give_back, "o")  # E: type
DBOS.start_workflow(reexported.give_back, 1, "o")  # E: type
DBOS.start_workflow(reexported.checkout, order_id="o")

from shop.gateways import Card

gateway = Card(1)
container = {"gateway": Card(2)}

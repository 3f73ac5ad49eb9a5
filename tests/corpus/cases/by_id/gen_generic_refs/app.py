from generated.gen_generic_refs.flows import generic_pair, over_parse


def numbers() -> int:
    left, right = generic_pair.start(1).get_result()
    print(left.upper())  # E: type
    texts = generic_pair.start("a").get_result()
    print(texts[0].upper())
    return left + right


def parsed() -> int:
    over_parse.start(3)  # E: type
    text: str = over_parse.start("3").get_result()  # E: type
    print(text)
    value: float = over_parse.start(b"3").get_result()
    return over_parse.start("3").get_result() + int(value)

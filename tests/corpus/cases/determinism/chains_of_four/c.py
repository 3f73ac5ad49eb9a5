from secrets import token_urlsafe as token


class Names:
    @staticmethod
    def default() -> str:
        return "default"

    @classmethod
    def fresh(cls) -> str:
        return cls.default() + token(4)


def third(n: int) -> str:
    return Names.fresh() * n

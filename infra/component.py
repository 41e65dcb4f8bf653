"""The base class of the components."""

import pulumi


class Component(pulumi.ComponentResource):
    """A component of the type `exchange-rates:infra:<class>`. `_child` has the options of its resources."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(f"exchange-rates:infra:{type(self).__name__}", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)

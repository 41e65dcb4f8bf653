"""The tests: unit (pure), infra (Pulumi's mocks), integration (moto), e2e (the local stack over HTTP)."""

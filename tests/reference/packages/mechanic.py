"""Mechanic around SGD with momentum, by JAX in float64."""

import jax
import jax.numpy as jnp
import optax
import torch
from paths import Loss, Run, Settings

PACKAGE = "optax.contrib.mechanize"
SETTINGS = (
    ("exponential", {"lr": 0.1, "s_init": 0.01}),
    ("cosine", {"lr": 0.3, "s_init": 0.01, "momentum": 0.9}),
    ("step", {"lr": 0.2, "s_init": 0.1, "weight_decay": 0.1}),
    ("exponential", {"lr": 0.1, "s_init": 0.05, "momentum": 0.5, "eps": 1e-3}),
    ("cosine", {"lr": 0.2, "s_init": 0.02, "weight_decay": 0.0, "eps": 1e-2, "momentum": 0.8}),
)
jax.config.update("jax_enable_x64", True)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule, whose base gets its rate at every update."""
    base = optax.inject_hyperparams(optax.sgd, static_args=("momentum",))(
        learning_rate=jnp.float64(settings["lr"]), momentum=settings.get("momentum", 0.0)
    )
    rule = optax.contrib.mechanize(
        base, **{k: v for k, v in settings.items() if k in ("weight_decay", "eps", "s_init")}
    )
    changed = jax.jit(rule.update)
    state = rule.init(jnp.array(theta.detach().numpy()))

    def step(factor: float) -> None:
        nonlocal state
        (slope,) = torch.autograd.grad(loss(theta), theta)
        state.base_optimizer_state.hyperparams["learning_rate"] = jnp.float64(settings["lr"] * factor)
        change, state = changed(jnp.array(slope.numpy()), state, jnp.array(theta.detach().numpy()))
        with torch.no_grad():
            theta.add_(torch.tensor(change.tolist()))

    return Run(step)

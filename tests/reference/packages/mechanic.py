"""Mechanic around SGD with momentum, by JAX in float64."""

import jax
import jax.numpy as jnp
import optax
import torch
from paths import Loss, Run, Settings

PACKAGE = "optax.contrib.mechanize"
SETTINGS = (
    ("step", {"lr": 0.003, "s_init": 0.03, "eps": 0.01, "momentum": 0.9}),
    ("cosine", {"lr": 0.003, "s_init": 0.1, "eps": 0.1, "momentum": 0.3}),
    ("exponential", {"lr": 0.001, "s_init": 0.1, "eps": 0.3, "momentum": 0.8, "weight_decay": 0.0}),
    ("constant", {"lr": 0.01, "s_init": 0.1, "eps": 0.2, "weight_decay": 1.0}),
    ("step", {"lr": 0.02, "s_init": 0.3, "eps": 0.3, "momentum": 0.5, "weight_decay": 0.3}),
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

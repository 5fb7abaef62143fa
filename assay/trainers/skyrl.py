"""An environment for SkyRL: ``skyrl_gym.register(id="assay", entry_point="assay.trainers.skyrl:AssayEnv")``.

A rollout is one turn, and its reward that of what the model wrote. What cannot be judged raises, after the service
was waited for, and is never a reward.

Source: skyrl-gym 0.4, `envs/base_text_env.py` and `envs/lcb/env.py`.
"""

from collections.abc import Mapping
from typing import Any

from skyrl_gym.envs.base_text_env import BaseTextEnv, BaseTextEnvStepOutput

from assay.trainers.asking import service_url, spec_of_truth
from assay.trainers.collecting import grade_alone, reward_of

__all__ = ["AssayEnv"]


class AssayEnv(BaseTextEnv):  # type: ignore[misc]  # of a package without types
    """Judges the first answer.

    Arguments:
        env_config: may give `url`; by default it is what the environment variable ``ASSAY_URL`` holds.
        extras: the row; `reward_spec.ground_truth` is a reward, a suite, or tests, as objects or as JSON, or an
            answer.
    """

    def __init__(self, env_config: Any = None, extras: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        spec = (extras or {}).get("reward_spec")
        if not isinstance(spec, Mapping) or "ground_truth" not in spec:
            raise ValueError("the row has no 'reward_spec.ground_truth', which says what is right")
        url = env_config.get("url") if env_config is not None and hasattr(env_config, "get") else None
        self._url = service_url(url)
        self._rewards = spec_of_truth(spec["ground_truth"])

    def step(self, action: str) -> BaseTextEnvStepOutput:
        """The reward of what the model wrote.

        Raises:
            AssayError: it cannot be judged.
        """
        item = {"id": "rollout", "completion": action, "rewards": self._rewards}
        result = grade_alone(item, self._url)
        reward = reward_of(result)
        component = result.components[0] if result.components else None
        verdict = component.verdict if component else None
        metadata = {"verdict": verdict and str(verdict), "passed": component.passed if component else None}
        return BaseTextEnvStepOutput(observations=[], reward=reward, done=True, metadata=metadata)

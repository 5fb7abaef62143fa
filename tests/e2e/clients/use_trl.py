"""TRL's trainer with our reward functions: how it calls them, and one step of training. Prints rewards, as JSON."""

import json
import os
import tempfile

import torch
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

from assay.trainers.asking import Asked
from assay.trainers.trl import AsyncRewardFunction, code_reward, format_reward

os.environ["HF_HUB_OFFLINE"] = "1"
WORDS = ["[PAD]", "[EOS]", "[UNK]", "add", "one", "print", "2", "4"]
TESTS = json.dumps({"inputs": ["1\n", "2\n"], "outputs": ["2\n", "3\n"]})
ROW = {"prompt": "add one", "ability": "code", "reward_model": {"ground_truth": TESTS}, "solution": "4"}
ROWS = [ROW] * 4
ACCURACY = AsyncRewardFunction([Asked({"type": "accuracy"}, {"gold": "solution"})], name="accuracy")
COMPLETIONS = [
    "```python\nprint(int(input()) + 1)\n```",
    "```python\nprint(2)\n```",
    "```python\n1 / 0\n```",
    "It is \\boxed{4}",
]


def tiny() -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    words = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", eos_token="[EOS]")
    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    torch.manual_seed(0)
    return LlamaForCausalLM(LlamaConfig(vocab_size=len(WORDS), pad_token_id=0, eos_token_id=1, **sizes)), tokenizer


def main() -> None:
    model, tokenizer = tiny()
    with tempfile.TemporaryDirectory() as folder:
        config = GRPOConfig(
            output_dir=folder,
            per_device_train_batch_size=4,
            num_generations=4,
            max_completion_length=4,
            max_steps=1,
            use_cpu=True,
            report_to=[],
            logging_steps=1,
            save_strategy="no",
            disable_tqdm=True,
        )
        trainer = GRPOTrainer(
            model=model,
            processing_class=tokenizer,
            args=config,
            train_dataset=Dataset.from_list(ROWS),
            reward_funcs=[code_reward, ACCURACY, format_reward],
        )
        ids = [[3, 4]] * 4
        rewards = trainer._calculate_rewards(ROWS, [row["prompt"] for row in ROWS], COMPLETIONS, ids)
        trainer.train()
        logs = [log for log in trainer.state.log_history if "reward" in log]
        print("\n" + json.dumps({"rewards": rewards.nan_to_num(-1.0).tolist(), "steps": len(logs)}))


main()

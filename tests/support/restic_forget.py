#!/usr/bin/env python3
"""What 'restic forget --dry-run --json' keeps of made-up snapshots.

Standard input: {"zone": "Europe/Berlin",
                 "histories": {"name": ["2026-01-02T03:04:05+01:00", ...], ...},
                 "runs": [{"policy": ["--keep-last", "3"], "histories": ["name", ...]}, ...]}
Standard output: a list with an object for each run: {"name": [number, ...], ...}, the numbers of kept snapshots in the
history, from 0, in rising order.

'restic backup' takes half a second for each snapshot, most of it to derive the key from the password. So the repository
is written here as restic's "Repository Format" (version 1) says, with the cheapest key derivation that there is; restic
decrypts and authenticates each snapshot like one of its own.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile

PASSWORD = "visitor"
CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
PRIME = (1 << 130) - 5


def aes(key, blocks):
    """Each 16-byte block of blocks by itself, encrypted."""
    command = ["openssl", "enc", f"-aes-{len(key) * 8}-ecb", "-nopad", "-nosalt", "-K", key.hex()]
    return subprocess.run(command, input=blocks, stdout=subprocess.PIPE, check=True).stdout


def poly1305(message, r, s):
    r = int.from_bytes(r, "little") & CLAMP
    sum_ = 0
    for at in range(0, len(message), 16):
        block = message[at:at + 16] + b"\x01"
        sum_ = (sum_ + int.from_bytes(block, "little")) * r % PRIME
    return ((sum_ + int.from_bytes(s, "little")) % (1 << 128)).to_bytes(16, "little")


class Key:
    def __init__(self, raw):
        self.encrypt, self.k, self.r = raw[:32], raw[32:48], raw[48:64]

    def json(self):
        text = {name: base64.b64encode(part).decode() for name, part in
                (("encrypt", self.encrypt), ("k", self.k), ("r", self.r))}
        return json.dumps({"mac": {"k": text["k"], "r": text["r"]}, "encrypt": text["encrypt"]}).encode()

    def seal(self, messages):
        """IV, AES-256-CTR, Poly1305-AES of each; openssl runs twice however many there are."""
        ivs = [os.urandom(16) for _ in messages]
        counters = b"".join(((int.from_bytes(iv, "big") + i) % (1 << 128)).to_bytes(16, "big")
                            for iv, message in zip(ivs, messages) for i in range((len(message) + 15) // 16))
        stream = aes(self.encrypt, counters)
        pads = aes(self.k, b"".join(ivs))
        sealed, at = [], 0
        for number, (iv, message) in enumerate(zip(ivs, messages)):
            part = bytes(a ^ b for a, b in zip(message, stream[at:at + len(message)]))
            at += (len(message) + 15) // 16 * 16
            sealed.append(iv + part + poly1305(part, self.r, pads[number * 16:number * 16 + 16]))
        return sealed


def store(folder, content):
    name = hashlib.sha256(content).hexdigest()
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)
    return name


def write_repository(root, histories):
    """Returns {id of a snapshot: (history, number)}."""
    for folder in ("data", "index", "keys", "locks", "snapshots"):
        os.mkdir(os.path.join(root, folder))
    master = Key(os.urandom(64))
    salt = os.urandom(64)
    mine = Key(hashlib.scrypt(PASSWORD.encode(), salt=salt, n=2, r=1, p=1, dklen=64))
    key = {"created": "2026-01-01T00:00:00Z", "username": "u", "hostname": "h", "kdf": "scrypt", "N": 2, "r": 1, "p": 1,
           "salt": base64.b64encode(salt).decode(), "data": base64.b64encode(mine.seal([master.json()])[0]).decode()}
    store(os.path.join(root, "keys"), json.dumps(key).encode())
    config = {"version": 1, "id": os.urandom(32).hex(), "chunker_polynomial": "25b468838dcb75"}
    with open(os.path.join(root, "config"), "wb") as file:
        file.write(master.seal([json.dumps(config).encode()])[0])

    places, messages = [], []
    for name, times in histories.items():
        for number, time in enumerate(times):
            places.append((name, number))
            messages.append(json.dumps({"time": time, "tree": "00" * 32, "paths": ["/v"], "hostname": name,
                                        "username": "u"}).encode())
    folder = os.path.join(root, "snapshots")
    return {store(folder, content): place for content, place in zip(master.seal(messages), places)}


def main():
    task = json.load(sys.stdin)
    answers = []
    with tempfile.TemporaryDirectory(prefix="visitor-restic.") as root:
        places = write_repository(root, task["histories"])
        environment = dict(os.environ, RESTIC_REPOSITORY=root, RESTIC_PASSWORD=PASSWORD, TZ=task["zone"])
        for run in task["runs"]:
            hosts = [word for name in run["histories"] for word in ("--host", name)]
            command = ["restic", "forget", "--dry-run", "--json", "--no-cache", "--no-lock", "--group-by", "host",
                       *hosts, *run["policy"]]
            said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
            kept = {name: [] for name in run["histories"]}
            for group in json.loads(said) if said.strip() else []:
                for snapshot in group["keep"] or []:
                    name, number = places[snapshot["id"]]
                    kept[name].append(number)
            answers.append({name: sorted(numbers) for name, numbers in kept.items()})
    json.dump(answers, sys.stdout)


main()

# shellcheck shell=bash disable=SC2154
# Images are built, and files are copied.

copies_and_images() {
    in_background bare sleep 1000 && docker cp "$work/image/etc/passwd" "$C:/tmp/copied" && is "$(docker exec "$C" wc -l /tmp/copied)" '1 /tmp/copied' &&
        has "$(docker diff "$C")" 'A /tmp/copied' && docker commit "$C" "$C-image" >/dev/null && one_run "$C-image" ls /tmp/copied >/dev/null
}
copy_out_of_a_running_container() {
    in_background --tmpfs /t bare sh -c 'echo data >/tmp/file; ln -s /tmp/file /tmp/link; sleep 1000' && eventually docker exec "$C" test -L /tmp/link &&
        docker cp -L "$C:/tmp/link" "$work/copied" && is "$(cat "$work/copied")" data
}
copy_into_a_volume() { in_background -v "$work/$C:/v" bare sleep 1000 && docker cp "$work/image/etc/passwd" "$C:/v/p" && is "$(docker exec "$C" wc -l /v/p)" '1 /v/p'; }
copy_with_a_stopped_container() {
    docker create --network none --runtime "$R" --name "$C" bare cat /tmp/late >/dev/null && echo late >"$work/late" && docker cp "$work/late" "$C:/tmp/late" && is "$(docker start -a "$C")" late
}
export_of_a_container() { in_background bare sh -c 'echo x >/exported; sleep 1000' && eventually docker exec "$C" test -e /exported && docker export "$C" | tar -t | grep -qx exported; }

# The classic builder takes the default runtime, which is the one under test.
_dockerfile() { printf 'FROM bare\nRUN echo built >/built\nWORKDIR /made\nUSER 12\nRUN id -u >/tmp/user\nCMD ["sh", "-c", "cat /built /tmp/user; pwd; id -u"]\n' >"$work/Dockerfile"; }
build() {
    _dockerfile
    DOCKER_BUILDKIT=0 docker build -q --network none -t "$C-built" -f "$work/Dockerfile" "$work/image" >/dev/null && is "$(one_run "$C-built")" $'built\n12\n/made\n12'
}
build_with_limits_and_a_network() {
    printf 'FROM bare\nRUN cat /proc/self/limits | grep "open files" | grep -q 111 && ls /sys/class/net | grep -q eth0\n' >"$work/Dockerfile"
    DOCKER_BUILDKIT=0 docker build -q --no-cache -m 64m --ulimit nofile=111 -t "$C-built" -f "$work/Dockerfile" "$work/image" >/dev/null
}
build_that_fails() {
    printf 'FROM bare\nRUN exit 3\n' >"$work/Dockerfile"
    has "$(DOCKER_BUILDKIT=0 docker build --no-cache -f "$work/Dockerfile" "$work/image" 2>&1)" 'non-zero code: 3'
}
_buildkit() {
    # The clients of newer versions have it in a plug-in.
    DOCKER_BUILDKIT=1 docker build --help >/dev/null 2>&1 || needs 'docker buildx'
    DOCKER_BUILDKIT=1 docker build --progress plain --no-cache "$@" -f "$work/Dockerfile" "$work/image"
}
buildkit() { _dockerfile; _buildkit --network none -t "$C-built" && is "$(one_run "$C-built")" $'built\n12\n/made\n12'; }
buildkit_with_mounts() {
    printf 'FROM bare\nRUN --mount=type=tmpfs,target=/t --mount=type=cache,target=/c --mount=type=secret,id=word,target=/s --mount=type=bind,source=etc,target=/b cat /s /b/passwd >/t/x && cp /t/x /c/x && cp /c/x /kept\n' >"$work/Dockerfile"
    echo secret >"$work/word"
    _buildkit --network none --secret "id=word,src=$work/word" -t "$C-built" && is "$(one_run "$C-built" head -n 1 /kept)" secret
}
buildkit_with_a_network() { printf 'FROM bare\nRUN ls /sys/class/net | grep eth0\n' >"$work/Dockerfile"; _buildkit; }
buildkit_at_the_same_time() {
    printf 'FROM bare AS a\nRUN sleep 1; echo a >/a\nFROM bare AS b\nRUN sleep 1; echo b >/b\nFROM bare\nCOPY --from=a /a /\nCOPY --from=b /b /\n' >"$work/Dockerfile"
    _buildkit --network none -t "$C-built" && is "$(one_run "$C-built" cat /a /b)" $'a\nb'
}
buildkit_that_fails() { printf 'FROM bare\nRUN exit 3\n' >"$work/Dockerfile"; has "$(_buildkit --network none 2>&1)" 'exit code: 3'; }
buildkit_of_a_missing_program() { printf 'FROM bare\nRUN ["/no/such"]\n' >"$work/Dockerfile"; has "$(_buildkit --network none 2>&1)" 'no such file or directory'; }

#!/bin/bash
# A real mail server to send to: Debian's postfix on 127.0.0.1, which takes
# mail for any address, and Debian's opendkim, which checks DKIM signatures.
#   start.sh WORKDIR [PORT]
# Every message lands as one file in WORKDIR/mail/new with the
# Authentication-Results header that opendkim wrote. Mail to a local part
# beginning with "bounce" is refused (550), with "later" put off (450).
# Public DKIM keys are not looked up in the DNS: put them into
# WORKDIR/dkim-keys as lines "SELECTOR._domainkey.DOMAIN v=DKIM1; k=rsa; p=..."
# before the start. Runs in the foreground as root (postfix needs it).
set -eu
work=$(mkdir -p "$1" && cd "$1" && pwd); port=${2:-2525}
case $work in *[[:space:]]*) echo "no blanks in WORKDIR, please" >&2; exit 2;; esac
rm -rf "$work/etc" "$work/spool" "$work/lib"
mkdir -p "$work"/{etc,spool,lib,mail/new,mail/cur,mail/tmp}
touch "$work/dkim-keys"
chown root "$work/spool"; chown postfix "$work/lib"; chown -R nobody:nogroup "$work/mail"
su -s /bin/sh nobody -c "cd '$work'" 2>/dev/null || { echo "postfix's users cannot reach $work: choose a folder below /var/tmp" >&2; exit 1; }
milter=$((port + 1))

cat > "$work/etc/opendkim.conf" <<C
Syslog no
Mode v
Socket inet:$milter@127.0.0.1
TestPublicKeys $work/dkim-keys
AuthservID mail.test
AlwaysAddARHeader yes
RequireSafeKeys no
UserID root
C
if [ -n "${SIGN:-}" ]; then
  IFS=: read -r domain selector key <<< "$SIGN"
  sed -i 's/^Mode v/Mode s/; /^TestPublicKeys/d' "$work/etc/opendkim.conf"
  printf 'Domain %s\nSelector %s\nKeyFile %s\nSignHeaders *,+list-unsubscribe-post\n' "$domain" "$selector" "$key" >> "$work/etc/opendkim.conf"
fi
cat > "$work/etc/main.cf" <<C
compatibility_level = 3.6
myhostname = mail.test
mydestination =
mynetworks = 127.0.0.0/8 [::1]/128
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = $work/spool
data_directory = $work/lib
maillog_file = $work/maillog
maillog_file_prefixes = $work
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = pcre:$work/etc/domains
virtual_mailbox_maps = static:mail/
virtual_mailbox_base = $work
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
smtpd_recipient_restrictions = check_recipient_access pcre:$work/etc/refuse, permit
smtpd_milters = inet:127.0.0.1:$milter
milter_default_action = tempfail
message_size_limit = 30000000
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_tls_security_level = may
smtpd_tls_chain_files = $work/etc/tls.pem
C
if [ -n "${RELAY:-}" ]; then
  sed -i '/^virtual_mailbox/d; /^smtpd_recipient_restrictions/d' "$work/etc/main.cf"
  printf 'relayhost = [127.0.0.1]:%s\nsmtp_host_lookup = native\n' "$RELAY" >> "$work/etc/main.cf"
fi
if [ -n "${BARE:-}" ]; then
  sed -i '/^smtpd_milters/d' "$work/etc/main.cf"
  printf 'virtual_transport = discard\n' >> "$work/etc/main.cf"
fi
echo '/./ ok' > "$work/etc/domains"
printf '%s\n' '/^bounce/ 550 5.1.1 No such user' '/^later/ 450 4.2.1 Try again later' > "$work/etc/refuse"
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mail.test -addext subjectAltName=DNS:mail.test,DNS:localhost \
  -keyout "$work/etc/key.pem" -out "$work/etc/cert.pem" 2>/dev/null
cat "$work/etc/key.pem" "$work/etc/cert.pem" > "$work/etc/tls.pem"
cp /etc/postfix/master.cf.proto "$work/etc/master.cf"
postconf -c "$work/etc" -M smtp/inet="127.0.0.1:$port inet n - n - - smtpd" 2>/dev/null
sed -i -E 's/^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)/\1n\2/' "$work/etc/master.cf"   # no chroot
cp /etc/postfix/dynamicmaps.cf "$work/etc/" 2>/dev/null || true
ln -sf /etc/postfix/dynamicmaps.cf.d "$work/etc/" 2>/dev/null || true
ln -sf /etc/postfix/postfix-files* /etc/postfix/post-install /etc/postfix/postfix-script "$work/etc/" 2>/dev/null || true

opendkim -x "$work/etc/opendkim.conf" -f & dkim=$!
stop() { postfix -c "$work/etc" stop >/dev/null 2>&1 || true; kill "$dkim" 2>/dev/null || true; wait "$dkim" 2>/dev/null || true; }
trap stop EXIT
trap 'exit 0' TERM INT
postfix -c "$work/etc" start >/dev/null 2>&1 || { cat "$work/maillog" >&2; exit 1; }
for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep .1; done
echo "ready smtp=127.0.0.1:$port maildir=$work/mail/new cert=$work/etc/cert.pem"
wait "$dkim"

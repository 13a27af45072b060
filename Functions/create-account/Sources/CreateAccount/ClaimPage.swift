import Apus
import ApusAccounts

/// The page to which a claim link leads. It reads the token out of its own address and sends it when a person presses
/// the button: programs that open links to look at them use nothing up.
enum ClaimPage {
  /// `life` is what new credentials have until the first sign-in.
  static func page(_ life: SpokenTime) -> Response { answer("text/html; charset=utf-8", html(life)) }
  static func script(_ life: SpokenTime) -> Response {
    answer("text/javascript; charset=utf-8", words(life) + behaviour)
  }

  static let style = Handler { (_: Request) in answer("text/css; charset=utf-8", css) }

  private static func answer(_ type: String, _ text: String) -> Response {
    let headers: Headers = [
      "Content-Type": type, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
      "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ]
    return Response(headers: headers, body: Array(text.utf8))
  }

  private static func html(_ life: SpokenTime) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Claim your account</title>
    <link rel="stylesheet" href="claim.css">
    <script src="claim.js" defer></script>
    </head>
    <body>
    <main>
    <h1 data-text="title">Claim your account</h1>
    <p data-text="once">Your password and your second factor are shown once, now. Have your password manager and your
    authenticator app at hand. Sign in within \(life).</p>
    <p><button id="claim" type="button" data-text="show">Show my credentials</button></p>
    <p id="status" role="status" aria-live="polite"></p>
    <section id="result" hidden tabindex="-1" aria-labelledby="yours">
    <h2 id="yours" data-text="yours">Your credentials</h2>
    <dl>
    <dt data-text="login">Login</dt><dd id="login"></dd>
    <dt data-text="password">Password</dt><dd><code id="password"></code><img id="password-code" alt=""></dd>
    <dt data-text="secret">Key for the authenticator app</dt>
    <dd><code id="secret"></code><img id="secret-code" alt=""></dd>
    <dt data-text="recovery">Recovery codes, each good once</dt><dd><ol id="recovery"></ol></dd>
    </dl>
    </section>
    <noscript><p>JavaScript is needed here. JavaScript est nécessaire ici.</p></noscript>
    </main>
    </body>
    </html>

    """
  }

  private static let css = """
    :root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
    body { margin: 0; }
    main { max-width: 40rem; margin: 0 auto; padding: 1.5rem; }
    button { font: inherit; padding: .75rem 1.25rem; min-height: 44px; }
    :focus-visible { outline: 3px solid #1a66d6; outline-offset: 2px; }
    code { display: block; overflow-wrap: anywhere; font-size: 1.125rem; padding: .5rem 0; user-select: all; }
    dt { font-weight: 600; margin-top: 1rem; }
    dd { margin: 0; }
    img { background: #fff; max-width: 100%; height: auto; }

    """

  private static func words(_ life: SpokenTime) -> String {
    """
    "use strict";
    const texts = {
      fr: {
        title: "Retirez votre compte", yours: "Vos identifiants", login: "Identifiant", password: "Mot de passe",
        once: "Votre mot de passe et votre second facteur s’affichent une seule fois, maintenant. Préparez votre "
          + "gestionnaire de mots de passe et votre application d’authentification. "
          + "Connectez-vous d’ici \(life.inFrench).",
        show: "Afficher mes identifiants", secret: "Clé pour l’application d’authentification",
        recovery: "Codes de secours, chacun valable une fois", wait: "Un instant…",
        done: "Notez tout avant de fermer cette page : rien ne sera plus jamais affiché.",
        gone: "Ce lien a déjà servi, ou il n’est plus valable. Demandez-en un nouveau.",
        failed: "Cela n’a pas abouti. Réessayez dans un instant."
      },
      en: {
        wait: "One moment…", done: "Keep everything before you close this page: nothing is ever shown again.",
        gone: "This link was used already, or its time is over. Ask for a new one.",
        failed: "That did not work. Try again in a moment."
      }
    };

    """
  }

  private static let behaviour = """
    const language = navigator.language.startsWith("fr") ? "fr" : "en";
    const words = texts[language];
    const find = id => document.getElementById(id);
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-text]")) {
      if (words[element.dataset.text]) element.textContent = words[element.dataset.text];
    }
    if (words.title) document.title = words.title;

    const claim = location.hash.slice(1);
    const say = text => { find("status").textContent = text; };

    function show(made) {
      find("login").textContent = made.login;
      find("password").textContent = made.password.text;
      find("secret").textContent = made.totp.secret;
      find("password-code").src = made.password.qr.png;
      find("secret-code").src = made.totp.qr.png;
      find("password-code").alt = words.password || "Password";
      find("secret-code").alt = words.secret || "Key for the authenticator app";
      for (const code of made.recovery_codes) {
        const item = document.createElement("li");
        const text = document.createElement("code");
        text.textContent = code;
        item.append(text);
        find("recovery").append(item);
      }
      find("result").hidden = false;
      find("result").focus();
      say(words.done);
    }

    find("claim").addEventListener("click", async () => {
      find("claim").disabled = true;
      say(words.wait);
      try {
        const answer = await fetch(location.pathname, {
          method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ claim })
        });
        if (answer.status === 410) return say(words.gone);
        if (!answer.ok) throw new Error();
        // Gone from the address and the history: it is used up.
        history.replaceState(null, "", location.pathname);
        show(await answer.json());
      } catch {
        find("claim").disabled = false;
        say(words.failed);
      }
    });

    """
}

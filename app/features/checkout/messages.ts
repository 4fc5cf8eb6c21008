import type { Language } from "~/contracts/checkout-languages";

/** Every sentence of the customer's pages. `{name}` is filled in by `fill`. */
export interface Messages {
  title: string;
  testMode: string;
  noCharge: string;
  cancel: string;
  amount: string;
  /** In the place of `amount` once it is paid. */
  amountPaid: string;
  order: string;
  quantity: string;
  subtotal: string;
  shipping: string;
  tax: string;
  total: string;
  payWith: string;
  card: string;
  cardHint: string;
  mpesa: string;
  mpesaHint: string;
  continue: string;
  note: string;
  /** `{left}` is a running clock. */
  openFor: string;
  payingAs: string;
  language: string;
  change: string;
  paymentBy: string;
  waitingTitle: string;
  waitingText: string;
  waitingPhone: string;
  backToCheckout: string;
  paidTitle: string;
  paidText: string;
  expiredTitle: string;
  expiredText: string;
  failedTitle: string;
  /** The customer or the merchant did not want it. */
  cancelledTitle: string;
  unavailableTitle: string;
  unavailableText: string;
  /** `{method}`: M-Pesa is not possible right now. */
  methodUnavailableTitle: string;
  chooseAnotherText: string;
  /** Beside a method that no provider can take at this moment. */
  methodUnavailable: string;
  methodChosenTitle: string;
  /** A second tab chose another method. */
  methodChosenText: string;
  backToMerchant: string;
  tryAgain: string;
  /** Before the merchant's contact. */
  questions: string;
  reasons: Record<CustomerReason, string>;
}

/** Failure reasons as far as a customer is told them apart. */
export type CustomerReason =
  | "declined"
  | "funds"
  | "cardExpired"
  | "cvc"
  | "authentication"
  | "cancelled"
  | "phone"
  | "technical"
  | "contact";

const REASONS: Readonly<Record<string, CustomerReason>> = {
  card_declined: "declined",
  // Not told apart on purpose: the person may not be the cardholder.
  lost_or_stolen: "declined",
  fraud_suspected: "declined",
  not_supported: "declined",
  limit_exceeded: "declined",
  incorrect_number: "declined",
  insufficient_funds: "funds",
  card_expired: "cardExpired",
  incorrect_cvc: "cvc",
  authentication_failed: "authentication",
  cancelled_by_customer: "cancelled",
  cancelled_by_merchant: "cancelled",
  mpesa_timeout: "phone",
  amount_mismatch: "contact",
};

/** What the customer is told about a failure reason of contracts/failure-reasons.ts. */
export function customerReason(reason: string | null): CustomerReason {
  return (reason !== null && Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined) ?? "technical";
}

/** Fills `{name}`s in. */
export function fill(sentence: string, values: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

const en: Messages = {
  title: "Pay {merchant} {amount}",
  testMode: "Test mode",
  noCharge: "No card is charged.",
  cancel: "Cancel and return",
  amount: "Amount to pay",
  amountPaid: "Amount paid",
  order: "Order {reference}",
  quantity: "quantity {count}",
  subtotal: "Subtotal",
  shipping: "Shipping",
  tax: "Tax",
  total: "Total",
  payWith: "Pay with",
  card: "Card",
  cardHint: "Visa, Mastercard, American Express",
  mpesa: "M-Pesa",
  mpesaHint: "Confirm with your PIN on your phone",
  continue: "Continue to secure payment",
  note: "You enter your payment details on our payment partner’s page. {merchant} never sees them.",
  openFor: "This checkout is open for another {left}, until {time}.",
  payingAs: "Paying as {email}",
  language: "Language",
  change: "Change",
  paymentBy: "Payment by",
  waitingTitle: "Confirming your payment",
  waitingText: "This takes a few seconds. The page goes on by itself; please do not pay again.",
  waitingPhone: "If your phone shows an M-Pesa prompt, enter your PIN there.",
  backToCheckout: "Not paid yet? Go back to the checkout",
  paidTitle: "This order is paid",
  paidText: "Thank you. There is nothing more to do here.",
  expiredTitle: "This checkout has expired",
  expiredText: "Nothing was charged. Return to {merchant} to start again.",
  failedTitle: "The payment did not go through",
  cancelledTitle: "The payment was cancelled",
  unavailableTitle: "Payment is not possible right now",
  unavailableText: "Nothing was charged. Try again in a moment, or return to {merchant}.",
  methodUnavailableTitle: "{method} is not possible right now",
  chooseAnotherText: "Nothing was charged. Choose another way to pay, or try again in a moment.",
  methodUnavailable: "Not available right now",
  methodChosenTitle: "You chose another way to pay",
  methodChosenText: "A payment with {method} was started in another window. Go on with it here or there.",
  backToMerchant: "Return to {merchant}",
  tryAgain: "Return to {merchant} and try again",
  questions: "Questions?",
  reasons: {
    declined: "Your bank did not approve the payment. Try another card, or call your bank.",
    funds: "There was not enough money available. Try another way to pay.",
    cardExpired: "The card has expired. Use another card.",
    cvc: "The security code was wrong. Check the code on your card and try again.",
    authentication: "The payment was not confirmed with your bank. Try again, or use another card.",
    cancelled: "Nothing was charged.",
    phone: "The prompt on your phone was not answered in time. Try again and enter your PIN.",
    technical: "Something went wrong on the way to your bank. Nothing was charged.",
    contact: "Please contact {merchant} before you try again.",
  },
};

const fr: Messages = {
  title: "Payer {merchant} {amount}",
  testMode: "Mode test",
  noCharge: "Aucune carte n’est débitée.",
  cancel: "Annuler et revenir",
  amount: "Montant à payer",
  amountPaid: "Montant payé",
  order: "Commande {reference}",
  quantity: "quantité {count}",
  subtotal: "Sous-total",
  shipping: "Livraison",
  tax: "Taxes",
  total: "Total",
  payWith: "Payer avec",
  card: "Carte",
  cardHint: "Visa, Mastercard, American Express",
  mpesa: "M-Pesa",
  mpesaHint: "Confirmez avec votre code PIN sur votre téléphone",
  continue: "Continuer vers le paiement sécurisé",
  note: "Vous saisissez vos données de paiement sur la page de notre partenaire. {merchant} ne les voit jamais.",
  openFor: "Ce paiement reste ouvert pendant {left}, jusqu’à {time}.",
  payingAs: "Paiement au nom de {email}",
  language: "Langue",
  change: "Changer",
  paymentBy: "Paiement par",
  waitingTitle: "Confirmation de votre paiement",
  waitingText: "Cela prend quelques secondes. La page continue d’elle-même ; ne payez pas une seconde fois.",
  waitingPhone: "Si votre téléphone affiche une demande M-Pesa, saisissez-y votre code PIN.",
  backToCheckout: "Pas encore payé ? Revenir au paiement",
  paidTitle: "Cette commande est payée",
  paidText: "Merci. Vous n’avez plus rien à faire ici.",
  expiredTitle: "Ce paiement a expiré",
  expiredText: "Rien n’a été débité. Revenez chez {merchant} pour recommencer.",
  failedTitle: "Le paiement n’a pas abouti",
  cancelledTitle: "Le paiement a été annulé",
  unavailableTitle: "Le paiement est impossible pour le moment",
  unavailableText: "Rien n’a été débité. Réessayez dans un instant ou revenez chez {merchant}.",
  methodUnavailableTitle: "{method} : impossible pour le moment",
  chooseAnotherText:
    "Rien n’a été débité. Choisissez un autre moyen de paiement ou réessayez dans un instant.",
  methodUnavailable: "Indisponible pour le moment",
  methodChosenTitle: "Vous avez choisi un autre moyen de paiement",
  methodChosenText:
    "Un paiement ({method}) a été commencé dans une autre fenêtre. Continuez-le ici ou là-bas.",
  backToMerchant: "Revenir chez {merchant}",
  tryAgain: "Revenir chez {merchant} et réessayer",
  questions: "Des questions ?",
  reasons: {
    declined: "Votre banque n’a pas accepté le paiement. Essayez une autre carte ou appelez votre banque.",
    funds: "Le solde disponible était insuffisant. Essayez un autre moyen de paiement.",
    cardExpired: "La carte a expiré. Utilisez une autre carte.",
    cvc: "Le code de sécurité était incorrect. Vérifiez-le sur votre carte et réessayez.",
    authentication:
      "Le paiement n’a pas été confirmé auprès de votre banque. Réessayez ou utilisez une autre carte.",
    cancelled: "Rien n’a été débité.",
    phone: "La demande sur votre téléphone est restée sans réponse. Réessayez et saisissez votre code PIN.",
    technical: "Un problème est survenu lors du paiement. Rien n’a été débité.",
    contact: "Contactez {merchant} avant de réessayer.",
  },
};

const de: Messages = {
  title: "{merchant} bezahlen: {amount}",
  testMode: "Testmodus",
  noCharge: "Keine Karte wird belastet.",
  cancel: "Abbrechen und zurück",
  amount: "Zu zahlender Betrag",
  amountPaid: "Bezahlter Betrag",
  order: "Bestellung {reference}",
  quantity: "Menge {count}",
  subtotal: "Zwischensumme",
  shipping: "Versand",
  tax: "Steuern",
  total: "Gesamt",
  payWith: "Bezahlen mit",
  card: "Karte",
  cardHint: "Visa, Mastercard, American Express",
  mpesa: "M-Pesa",
  mpesaHint: "Mit der PIN auf Ihrem Telefon bestätigen",
  continue: "Weiter zur sicheren Zahlung",
  note: "Ihre Zahlungsdaten geben Sie auf der Seite unseres Zahlungspartners ein. {merchant} sieht sie nie.",
  openFor: "Diese Zahlung ist noch {left} offen, bis {time}.",
  payingAs: "Zahlung als {email}",
  language: "Sprache",
  change: "Ändern",
  paymentBy: "Zahlung über",
  waitingTitle: "Ihre Zahlung wird bestätigt",
  waitingText:
    "Das dauert einige Sekunden. Die Seite geht von selbst weiter; bitte nicht noch einmal bezahlen.",
  waitingPhone: "Wenn Ihr Telefon eine M-Pesa-Anfrage zeigt, geben Sie dort Ihre PIN ein.",
  backToCheckout: "Noch nicht bezahlt? Zurück zur Zahlung",
  paidTitle: "Diese Bestellung ist bezahlt",
  paidText: "Vielen Dank. Hier ist nichts weiter zu tun.",
  expiredTitle: "Diese Zahlung ist abgelaufen",
  expiredText: "Es wurde nichts belastet. Kehren Sie zu {merchant} zurück, um neu zu beginnen.",
  failedTitle: "Die Zahlung hat nicht geklappt",
  cancelledTitle: "Die Zahlung wurde abgebrochen",
  unavailableTitle: "Eine Zahlung ist gerade nicht möglich",
  unavailableText:
    "Es wurde nichts belastet. Versuchen Sie es gleich noch einmal oder kehren Sie zu {merchant} zurück.",
  methodUnavailableTitle: "{method} ist gerade nicht möglich",
  chooseAnotherText:
    "Es wurde nichts belastet. Wählen Sie eine andere Zahlungsart oder versuchen Sie es gleich noch einmal.",
  methodUnavailable: "Gerade nicht verfügbar",
  methodChosenTitle: "Sie haben eine andere Zahlungsart gewählt",
  methodChosenText:
    "In einem anderen Fenster wurde eine Zahlung mit {method} begonnen. Fahren Sie hier oder dort damit fort.",
  backToMerchant: "Zurück zu {merchant}",
  tryAgain: "Zurück zu {merchant} und neu versuchen",
  questions: "Fragen?",
  reasons: {
    declined:
      "Ihre Bank hat die Zahlung nicht genehmigt. Versuchen Sie eine andere Karte oder rufen Sie Ihre Bank an.",
    funds: "Das Guthaben reichte nicht aus. Versuchen Sie eine andere Zahlungsart.",
    cardExpired: "Die Karte ist abgelaufen. Verwenden Sie eine andere Karte.",
    cvc: "Die Prüfziffer war falsch. Sehen Sie auf Ihrer Karte nach und versuchen Sie es noch einmal.",
    authentication:
      "Die Zahlung wurde bei Ihrer Bank nicht bestätigt. Versuchen Sie es noch einmal oder mit einer anderen Karte.",
    cancelled: "Es wurde nichts belastet.",
    phone:
      "Die Anfrage auf Ihrem Telefon wurde nicht rechtzeitig beantwortet. Versuchen Sie es noch einmal mit Ihrer PIN.",
    technical: "Bei der Zahlung ist etwas schiefgegangen. Es wurde nichts belastet.",
    contact: "Bitte wenden Sie sich an {merchant}, bevor Sie es noch einmal versuchen.",
  },
};

const es: Messages = {
  title: "Pagar a {merchant} {amount}",
  testMode: "Modo de prueba",
  noCharge: "No se cobra a ninguna tarjeta.",
  cancel: "Cancelar y volver",
  amount: "Importe a pagar",
  amountPaid: "Importe pagado",
  order: "Pedido {reference}",
  quantity: "cantidad {count}",
  subtotal: "Subtotal",
  shipping: "Envío",
  tax: "Impuestos",
  total: "Total",
  payWith: "Pagar con",
  card: "Tarjeta",
  cardHint: "Visa, Mastercard, American Express",
  mpesa: "M-Pesa",
  mpesaHint: "Confirma con tu PIN en el teléfono",
  continue: "Continuar al pago seguro",
  note: "Introduces tus datos de pago en la página de nuestro socio de pagos. {merchant} nunca los ve.",
  openFor: "Este pago sigue abierto durante {left}, hasta las {time}.",
  payingAs: "Pagas como {email}",
  language: "Idioma",
  change: "Cambiar",
  paymentBy: "Pago con",
  waitingTitle: "Confirmando tu pago",
  waitingText: "Tarda unos segundos. La página continúa sola; no vuelvas a pagar.",
  waitingPhone: "Si tu teléfono muestra una solicitud de M-Pesa, introduce allí tu PIN.",
  backToCheckout: "¿Aún no has pagado? Volver al pago",
  paidTitle: "Este pedido está pagado",
  paidText: "Gracias. No tienes que hacer nada más aquí.",
  expiredTitle: "Este pago ha caducado",
  expiredText: "No se ha cobrado nada. Vuelve a {merchant} para empezar de nuevo.",
  failedTitle: "No se ha podido realizar el pago",
  cancelledTitle: "El pago se ha cancelado",
  unavailableTitle: "Ahora mismo no se puede pagar",
  unavailableText: "No se ha cobrado nada. Inténtalo de nuevo en un momento o vuelve a {merchant}.",
  methodUnavailableTitle: "{method} no está disponible ahora mismo",
  chooseAnotherText: "No se ha cobrado nada. Elige otra forma de pago o inténtalo de nuevo en un momento.",
  methodUnavailable: "No disponible ahora mismo",
  methodChosenTitle: "Elegiste otra forma de pago",
  methodChosenText: "En otra ventana se empezó un pago con {method}. Continúa con él aquí o allí.",
  backToMerchant: "Volver a {merchant}",
  tryAgain: "Volver a {merchant} e intentarlo de nuevo",
  questions: "¿Preguntas?",
  reasons: {
    declined: "Tu banco no ha aprobado el pago. Prueba con otra tarjeta o llama a tu banco.",
    funds: "No había saldo suficiente. Prueba con otra forma de pago.",
    cardExpired: "La tarjeta ha caducado. Usa otra tarjeta.",
    cvc: "El código de seguridad no era correcto. Compruébalo en tu tarjeta e inténtalo de nuevo.",
    authentication: "El pago no se confirmó con tu banco. Inténtalo de nuevo o usa otra tarjeta.",
    cancelled: "No se ha cobrado nada.",
    phone: "No respondiste a tiempo a la solicitud en tu teléfono. Inténtalo de nuevo e introduce tu PIN.",
    technical: "Algo ha fallado durante el pago. No se ha cobrado nada.",
    contact: "Ponte en contacto con {merchant} antes de intentarlo de nuevo.",
  },
};

const ja: Messages = {
  title: "{merchant} へのお支払い {amount}",
  testMode: "テストモード",
  noCharge: "カードには請求されません。",
  cancel: "キャンセルして戻る",
  amount: "お支払い金額",
  amountPaid: "お支払い済み金額",
  order: "ご注文 {reference}",
  quantity: "数量 {count}",
  subtotal: "小計",
  shipping: "配送料",
  tax: "税",
  total: "合計",
  payWith: "お支払い方法",
  card: "カード",
  cardHint: "Visa、Mastercard、American Express",
  mpesa: "M-Pesa",
  mpesaHint: "携帯電話で PIN を入力して確認します",
  continue: "安全なお支払いに進む",
  note: "お支払い情報は決済パートナーのページで入力します。{merchant} が情報を見ることはありません。",
  openFor: "お支払いの受付は残り {left} です（{time} まで）。",
  payingAs: "お支払い者：{email}",
  language: "言語",
  change: "変更",
  paymentBy: "決済：",
  waitingTitle: "お支払いを確認しています",
  waitingText: "数秒かかります。ページは自動的に進みます。もう一度お支払いにならないでください。",
  waitingPhone: "携帯電話に M-Pesa の確認が表示されたら、PIN を入力してください。",
  backToCheckout: "まだお支払いでない場合は、お支払いページに戻る",
  paidTitle: "このご注文はお支払い済みです",
  paidText: "ありがとうございます。ここでの手続きは終わりました。",
  expiredTitle: "お支払いの期限が切れました",
  expiredText: "請求は行われていません。{merchant} に戻って、もう一度お手続きください。",
  failedTitle: "お支払いが完了しませんでした",
  cancelledTitle: "お支払いはキャンセルされました",
  unavailableTitle: "現在お支払いいただけません",
  unavailableText:
    "請求は行われていません。少し待ってからもう一度お試しいただくか、{merchant} にお戻りください。",
  methodUnavailableTitle: "{method} は現在ご利用いただけません",
  chooseAnotherText:
    "請求は行われていません。別のお支払い方法を選ぶか、少し待ってからもう一度お試しください。",
  methodUnavailable: "現在ご利用いただけません",
  methodChosenTitle: "別のお支払い方法が選ばれています",
  methodChosenText:
    "別のウィンドウで {method} でのお支払いが始まっています。ここか、そのウィンドウで続けてください。",
  backToMerchant: "{merchant} に戻る",
  tryAgain: "{merchant} に戻ってもう一度試す",
  questions: "お問い合わせ：",
  reasons: {
    declined: "銀行がお支払いを承認しませんでした。別のカードを使うか、銀行にお問い合わせください。",
    funds: "残高が足りませんでした。別のお支払い方法をお試しください。",
    cardExpired: "カードの有効期限が切れています。別のカードをお使いください。",
    cvc: "セキュリティコードが正しくありません。カードを確認して、もう一度お試しください。",
    authentication:
      "銀行での本人確認が完了しませんでした。もう一度お試しいただくか、別のカードをお使いください。",
    cancelled: "請求は行われていません。",
    phone: "携帯電話での確認が時間内に行われませんでした。もう一度お試しになり、PIN を入力してください。",
    technical: "お支払いの途中で問題が発生しました。請求は行われていません。",
    contact: "もう一度試す前に、{merchant} にお問い合わせください。",
  },
};

const sw: Messages = {
  title: "Lipa {merchant} {amount}",
  testMode: "Hali ya majaribio",
  noCharge: "Hakuna kadi inayotozwa.",
  cancel: "Ghairi na urudi",
  amount: "Kiasi cha kulipa",
  amountPaid: "Kiasi kilicholipwa",
  order: "Agizo {reference}",
  quantity: "idadi {count}",
  subtotal: "Jumla ndogo",
  shipping: "Usafirishaji",
  tax: "Kodi",
  total: "Jumla",
  payWith: "Lipa kwa",
  card: "Kadi",
  cardHint: "Visa, Mastercard, American Express",
  mpesa: "M-Pesa",
  mpesaHint: "Thibitisha kwa PIN yako kwenye simu",
  continue: "Endelea kwenye malipo salama",
  note: "Unaweka taarifa zako za malipo kwenye ukurasa wa mshirika wetu wa malipo. {merchant} haizioni kamwe.",
  openFor: "Malipo haya yatabaki wazi kwa {left} zaidi, hadi saa {time}.",
  payingAs: "Unalipa kama {email}",
  language: "Lugha",
  change: "Badilisha",
  paymentBy: "Malipo kupitia",
  waitingTitle: "Tunathibitisha malipo yako",
  waitingText: "Hii huchukua sekunde chache. Ukurasa utaendelea wenyewe; tafadhali usilipe tena.",
  waitingPhone: "Simu yako ikionyesha ombi la M-Pesa, weka PIN yako hapo.",
  backToCheckout: "Bado hujalipa? Rudi kwenye malipo",
  paidTitle: "Agizo hili limelipwa",
  paidText: "Asante. Hakuna kingine cha kufanya hapa.",
  expiredTitle: "Muda wa malipo haya umeisha",
  expiredText: "Hakuna kilichotozwa. Rudi {merchant} ili kuanza upya.",
  failedTitle: "Malipo hayakufaulu",
  cancelledTitle: "Malipo yameghairiwa",
  unavailableTitle: "Malipo hayawezekani kwa sasa",
  unavailableText: "Hakuna kilichotozwa. Jaribu tena baada ya muda mfupi, au urudi {merchant}.",
  methodUnavailableTitle: "{method} haiwezekani kwa sasa",
  chooseAnotherText:
    "Hakuna kilichotozwa. Chagua njia nyingine ya kulipa, au ujaribu tena baada ya muda mfupi.",
  methodUnavailable: "Haipatikani kwa sasa",
  methodChosenTitle: "Ulichagua njia nyingine ya kulipa",
  methodChosenText: "Malipo kwa {method} yalianzishwa kwenye dirisha lingine. Endelea nayo hapa au kule.",
  backToMerchant: "Rudi {merchant}",
  tryAgain: "Rudi {merchant} ujaribu tena",
  questions: "Una maswali?",
  reasons: {
    declined: "Benki yako haikuidhinisha malipo. Jaribu kadi nyingine, au piga simu benki yako.",
    funds: "Hakukuwa na salio la kutosha. Jaribu njia nyingine ya kulipa.",
    cardExpired: "Muda wa kadi umeisha. Tumia kadi nyingine.",
    cvc: "Nambari ya usalama haikuwa sahihi. Iangalie kwenye kadi yako ujaribu tena.",
    authentication: "Malipo hayakuthibitishwa na benki yako. Jaribu tena, au tumia kadi nyingine.",
    cancelled: "Hakuna kilichotozwa.",
    phone: "Ombi kwenye simu yako halikujibiwa kwa wakati. Jaribu tena na uweke PIN yako.",
    technical: "Hitilafu imetokea wakati wa malipo. Hakuna kilichotozwa.",
    contact: "Tafadhali wasiliana na {merchant} kabla ya kujaribu tena.",
  },
};

/** One language's sentences. The server sends only these to the browser. */
export const messages: Readonly<Record<Language, Messages>> = { en, fr, de, es, ja, sw };

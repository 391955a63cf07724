// The emoji that have a name here; others stay as `:name:`, as Slack shows unknown ones.

const NAMES = `
tada 🎉|confetti_ball 🎊|trophy 🏆|medal 🏅|first_place_medal 🥇|second_place_medal 🥈|third_place_medal 🥉|sports_medal 🏅
dart 🎯|goal_net 🥅|soccer ⚽|star ⭐|star2 🌟|sparkles ✨|fire 🔥|rocket 🚀|zap ⚡|boom 💥|100 💯|muscle 💪|clap 👏
raised_hands 🙌|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|wave 👋|pray 🙏|ok_hand 👌|point_right 👉|point_left 👈
point_up ☝️|point_down 👇|handshake 🤝|eyes 👀|bell 🔔|no_bell 🔕|alarm_clock ⏰|hourglass ⌛
hourglass_flowing_sand ⏳|stopwatch ⏱️|clock 🕐|clock12 🕛|calendar 📆|date 📅|spiral_calendar_pad 🗓️|memo 📝|pencil 📝|pencil2 ✏️
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|clipboard 📋|moneybag 💰|dollar 💵|money_with_wings 💸
credit_card 💳|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|warning ⚠️
no_entry ⛔|no_entry_sign 🚫|exclamation ❗|question ❓|grey_exclamation ❕|grey_question ❔|information_source ℹ️|bulb 💡
lock 🔒|unlock 🔓|key 🔑|gear ⚙️|wrench 🔧|hammer_and_wrench 🛠️|link 🔗|mag 🔍|pushpin 📌|round_pushpin 📍|paperclip 📎
inbox_tray 📥|outbox_tray 📤|package 📦|gift 🎁|balloon 🎈|cake 🍰|birthday 🎂|beers 🍻|champagne 🍾|coffee ☕
crown 👑|gem 💎|rainbow 🌈|sunny ☀️|sunrise 🌅|crescent_moon 🌙|snowflake ❄️|seedling 🌱|herb 🌿|four_leaf_clover 🍀|mountain ⛰️
checkered_flag 🏁|triangular_flag_on_post 🚩|flags 🎏|running 🏃|runner 🏃|turtle 🐢|rabbit 🐇|robot_face 🤖|ghost 👻|unicorn_face 🦄
smile 😄|smiley 😃|grinning 😀|grin 😁|joy 😂|slightly_smiling_face 🙂|wink 😉|blush 😊|heart_eyes 😍|star-struck 🤩
sunglasses 😎|partying_face 🥳|thinking_face 🤔|neutral_face 😐|sweat_smile 😅|sweat 😓|cry 😢|sob 😭|scream 😱|sleeping 😴
face_with_monocle 🧐|nerd_face 🤓|hugging_face 🤗|relieved 😌|saluting_face 🫡|heart ❤️|blue_heart 💙|green_heart 💚|yellow_heart 💛
purple_heart 💜|large_blue_circle 🔵|red_circle 🔴|large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠
white_circle ⚪|black_circle ⚫|large_blue_square 🟦|large_green_square 🟩|large_yellow_square 🟨|large_red_square 🟥|black_square 🔳
white_large_square ⬜|black_large_square ⬛|small_blue_diamond 🔹|small_orange_diamond 🔸|arrow_up ⬆️|arrow_down ⬇️|arrow_right ➡️|arrow_left ⬅️
arrow_up_small 🔼|arrow_down_small 🔽|arrow_upper_right ↗️|arrow_lower_right ↘️|left_right_arrow ↔️|arrows_counterclockwise 🔄|repeat 🔁|heavy_plus_sign ➕
heavy_minus_sign ➖|heavy_minus_sign ➖|new 🆕|free 🆓|ok 🆗|soon 🔜|top 🔝|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣
nine 9️⃣|keycap_ten 🔟|zero 0️⃣|busts_in_silhouette 👥|bust_in_silhouette 👤|office 🏢|house 🏠|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏
globe_with_meridians 🌐|speech_balloon 💬|thought_balloon 💭|loudspeaker 📢|mega 📣|email 📧|envelope ✉️|phone ☎️|computer 💻|hand 🖐️
raised_hand ✋|no_good 🙅|shrug 🤷|battery 🔋|construction 🚧|recycle ♻️|lightning ⚡|ok_woman 🙆|snail 🐌|wastebasket 🗑️`;

const BY_NAME = new Map(
  NAMES.trim()
    .split(/[|\n]/)
    .map((pair) => {
      const gap = pair.indexOf(" ");
      return [pair.slice(0, gap), pair.slice(gap + 1)];
    }),
);

/** The character for a name, or null. */
export function emoji(name) {
  return BY_NAME.get(name) ?? null;
}

/** Replaces the `:names:` in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole);
}
